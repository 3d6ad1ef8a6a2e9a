import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { acquireLock } from '@assay/store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LoopbackHub, startHub } from '../__fixtures__/loopback-hub.js'
import { modelFiles, openCard } from '../__fixtures__/pullable-model.js'
import { listModels } from '../card/list-models.js'
import { planPull } from './plan-pull.js'
import { pullModel } from './pull-model.js'
import { removeModel } from './remove-model.js'
import { verifyModel } from './verify-model.js'

let modelsFolder: string
let folder: string
let hub: LoopbackHub
beforeEach(async () => {
  modelsFolder = mkdtempSync(join(tmpdir(), 'assay-remove-'))
  folder = join(modelsFolder, 'test--model')
  hub = await startHub(modelFiles)
  const plan = await planPull({ card: openCard(), modelsFolder, hub: hub.url })
  await pullModel(plan, { acceptLicence: true, confirmUnpinned: true })
})
afterEach(async () => {
  await hub.close()
  rmSync(modelsFolder, { recursive: true })
})

const pins = async () => (await listModels([modelsFolder]))[0]?.pins ?? new Map()
const pinned = () =>
  Object.keys(JSON.parse(readFileSync(join(modelsFolder, 'models.lock.json'), 'utf8')).models)

describe('verifyModel', () => {
  const states = async (options: { readonly unpinned?: boolean } = {}) => {
    const known = options.unpinned ? {} : { pins: await pins() }
    const { intact, files } = await verifyModel({ folder, ...known })
    expect(intact).toBe(files.every(({ state }) => state === 'ok'))
    return files.map(({ state }) => state)
  }

  it('finds every file in order', async () => {
    expect(await states()).toEqual(['ok', 'ok', 'ok'])
  })

  it('finds what was changed, and what is missing', async () => {
    writeFileSync(join(folder, 'image.onnx'), Buffer.alloc(120_000))
    rmSync(join(folder, 'config.json'))
    expect(await states()).toEqual(['changed', 'ok', 'missing'])
    writeFileSync(join(folder, 'onnx', 'weights.bin'), '')
    expect(await states()).toEqual(['changed', 'changed', 'missing'])
  })

  it('says where nothing tells what a file must be', async () => {
    expect(await states({ unpinned: true })).toEqual(['unpinned', 'unpinned', 'unpinned'])
  })

  it('stops when it is told to, and says where there is no model', async () => {
    const signal = AbortSignal.abort()
    await expect(verifyModel({ folder, signal })).rejects.toMatchObject({ code: 'ABORTED' })
    const missing = verifyModel({ folder: modelsFolder })
    await expect(missing).rejects.toMatchObject({ code: 'MODEL_FILE_MISSING' })
  })
})

describe('removeModel', () => {
  const remove = (options: object = {}) =>
    removeModel({ modelsFolder, id: 'test/model', ...options })

  it('removes what pulling made, and keeps the pins', async () => {
    expect(await remove()).toEqual({ id: 'test/model', folder, removed: true, left: [] })
    expect(readdirSync(modelsFolder)).toEqual(['models.lock.json'])
    expect(pinned()).toEqual(['test/model'])
    expect((await remove()).removed).toBe(false)
  })

  it('forgets the pins where it is told to', async () => {
    await remove({ forget: true })
    expect(pinned()).toEqual([])
    await remove({ forget: true })
  })

  it('leaves what it did not make, and says so', async () => {
    mkdirSync(join(folder, 'mine'))
    const outside = join(modelsFolder, 'outside')
    writeFileSync(outside, 'kept')
    const own = ['mine/notes.txt', 'onnx/other.onnx', 'link'].map((path) => join(folder, path))
    for (const file of own.slice(0, 2)) writeFileSync(file, '')
    symlinkSync(outside, own[2] as string)
    const { left } = await remove()
    expect([...left].sort()).toEqual([...own].sort())
    expect(existsSync(join(folder, 'image.onnx'))).toBe(false)
    expect(readFileSync(outside, 'utf8')).toBe('kept')
  })

  it('removes a link instead of what it leads to', async () => {
    const outside = join(modelsFolder, 'outside')
    writeFileSync(outside, 'kept')
    rmSync(join(folder, 'config.json'))
    symlinkSync(outside, join(folder, 'config.json'))
    expect((await remove()).left).toEqual([])
    expect(readFileSync(outside, 'utf8')).toBe('kept')
  })

  it('removes a part of a model, by its card', async () => {
    rmSync(join(folder, 'card.json'))
    rmSync(join(folder, 'image.onnx'))
    writeFileSync(join(folder, 'image.onnx.incomplete'), 'a part')
    await remove({ card: openCard() })
    expect(existsSync(folder)).toBe(false)
  })

  it('leaves a model that is being pulled, and one of another id', async () => {
    const lock = await acquireLock(join(modelsFolder, '.test--model.lock'))
    await expect(remove()).rejects.toMatchObject({ code: 'LOCKED', value: process.pid })
    lock.release()
    const other = removeModel({ modelsFolder, id: 'test--model' })
    await expect(other).rejects.toMatchObject({ code: 'DUPLICATE_ID' })
    await expect(removeModel({ modelsFolder, id: '../x' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
    expect(existsSync(join(folder, 'image.onnx'))).toBe(true)
  })
})

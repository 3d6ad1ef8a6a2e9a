import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AssayError } from '@assay/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endlessLoop, externalModel } from '../__fixtures__/hostile-models.js'
import { containedModel } from './contained-model.js'

let folder: string
let path: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-contained-'))
  const model = join(folder, 'model')
  path = join(model, 'model.onnx')
  mkdirSync(join(model, 'deeper'), { recursive: true })
  for (const name of ['outside.bin', 'model/inside.bin', 'model/deeper/inside.bin']) {
    writeFileSync(join(folder, name), 'data')
  }
  symlinkSync(join(folder, 'outside.bin'), join(model, 'symbolic.bin'))
  symlinkSync('inside.bin', join(model, 'sibling.bin'))
  symlinkSync(folder, join(model, 'up'))
  linkSync(join(folder, 'outside.bin'), join(model, 'hard.bin'))
  mkdirSync(join(model, 'folder.bin'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function outcomeOf(location: string): Promise<unknown> {
  writeFileSync(path, externalModel(location))
  return containedModel(path, 2 ** 20).catch((error: unknown) =>
    AssayError.isInstance(error) ? error.code : error,
  )
}

describe('containedModel', () => {
  it('gives the bytes of a model that is whole, so that nothing can be exchanged later', async () => {
    writeFileSync(path, endlessLoop())
    expect(await containedModel(path, 2 ** 20)).toEqual(endlessLoop())
    const bytes = Uint8Array.from(endlessLoop())
    expect(await containedModel(bytes, 2 ** 20)).toBe(bytes)
  })

  it.each(['inside.bin', 'deeper/inside.bin'])('lets data lie in a plain file, %s', async (it) => {
    expect(await outcomeOf(it)).toBe(path)
  })

  it.each([
    ['the parent', '../outside.bin'],
    ['the parent in the middle', 'deeper/../../outside.bin'],
    ['this folder', './inside.bin'],
    ['an empty folder', 'deeper//inside.bin'],
    ['a file of the system', '/etc/hostname'],
    ['a process', '/proc/self/environ'],
    ['the parent, backwards', '..\\outside.bin'],
    ['a drive', 'C:outside.bin'],
    ['another machine', '\\\\server\\share'],
    ['a symbolic link', 'symbolic.bin'],
    ['a symbolic link to a neighbour', 'sibling.bin'],
    ['a symbolic link to a folder', 'up/outside.bin'],
    ['a hard link', 'hard.bin'],
    ['a folder', 'folder.bin'],
    ['a name with NUL', 'inside.bin\0'],
    ['no name', ''],
  ])('refuses data in %s', async (_, location) => {
    expect(await outcomeOf(location)).toBe('MODEL_UNSAFE')
  })

  it('says which file of data is missing', async () => {
    expect(await outcomeOf('absent.bin')).toBe('MODEL_FILE_MISSING')
    expect(await outcomeOf('x'.repeat(5000))).toBe('MODEL_FILE_MISSING')
  })

  it('refuses bytes with data elsewhere', async () => {
    const bytes = Uint8Array.from(externalModel('inside.bin'))
    await expect(containedModel(bytes, 2 ** 20)).rejects.toMatchObject({ code: 'MODEL_UNSAFE' })
  })

  it("refuses the runtime's own format", async () => {
    const bytes = Uint8Array.from(Buffer.from('\x18\0\0\0ORTM and more', 'latin1'))
    await expect(containedModel(bytes, 2 ** 20)).rejects.toMatchObject({ code: 'MODEL_UNSAFE' })
  })

  it('refuses a file that is missing, no file or too large', async () => {
    const missing = { code: 'MODEL_FILE_MISSING' }
    await expect(containedModel(join(folder, 'absent'), 100)).rejects.toMatchObject(missing)
    await expect(containedModel(folder, 100)).rejects.toMatchObject(missing)
    writeFileSync(path, new Uint8Array(101))
    const large = { code: 'MODEL_RESOURCE_LIMIT' }
    await expect(containedModel(path, 100)).rejects.toMatchObject(large)
  })
})

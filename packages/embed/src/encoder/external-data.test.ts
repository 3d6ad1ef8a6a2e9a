import { mkdtempSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { fakeEngine } from '../__fixtures__/fake-engine.js'
import { cardHead, imageTower, writeModel } from '../__fixtures__/model-folder.js'
import { openEncoder } from './open-encoder.js'

const folder = mkdtempSync(join(tmpdir(), 'assay-external-'))
const files = {
  'onnx/image.onnx': Buffer.from('graph'),
  'onnx/image.onnx_data': Buffer.alloc(5000),
}
const image = { ...imageTower, model: 'onnx/image.onnx', data: ['onnx/image.onnx_data'] }
const data = join(folder, 'onnx/image.onnx_data')
beforeEach(() => writeModel(folder, files, { ...cardHead, dimensions: 3, image }))
afterAll(() => rmSync(folder, { recursive: true }))

describe('a graph with external data', () => {
  it('is opened by its path, one without from the bytes that were verified', async () => {
    const engine = fakeEngine()
    await (await openEncoder({ folder, engine })).close()
    const plain = { ...image, data: [] }
    writeModel(folder, files, { ...cardHead, dimensions: 3, image: plain })
    await (await openEncoder({ folder, engine })).close()
    const path = join(folder, 'onnx/image.onnx')
    expect(engine.models).toEqual([{ path }, new Uint8Array(files['onnx/image.onnx'])])
  })

  it('is refused with data that are not those of the card, before a session opens', async () => {
    writeFileSync(data, Buffer.alloc(5000, 1))
    const engine = fakeEngine()
    await expect(openEncoder({ folder, engine })).rejects.toMatchObject({
      code: 'MODEL_HASH_MISMATCH',
      location: { file: data },
    })
    expect(engine.opened).toBe(0)
  })

  it.each<[string, () => void]>([
    ['written to', () => writeFileSync(data, Buffer.alloc(5000, 1))],
    [
      'written to and dated back',
      () => {
        const { atime, mtime } = statSync(data)
        writeFileSync(data, Buffer.alloc(5000, 1))
        utimesSync(data, atime, mtime)
      },
    ],
    [
      'replaced by a file of the same size',
      () => {
        writeFileSync(`${data}.new`, Buffer.alloc(5000, 1))
        renameSync(`${data}.new`, data)
      },
    ],
    ['removed', () => rmSync(data)],
  ])('is closed again if its data were %s while it opened', async (_, change) => {
    // Times of a file tell apart what is further apart than a tick of the system's clock.
    await new Promise((resolve) => setTimeout(resolve, 20))
    const engine = fakeEngine({ onOpen: change })
    await expect(openEncoder({ folder, engine })).rejects.toMatchObject({
      code: expect.stringMatching(/^MODEL_(HASH_MISMATCH|FILE_MISSING)$/),
      location: { file: data },
    })
    expect(engine.closed).toBe(1)
  })

  it('has another fingerprint with other data, another output or other pooling', async () => {
    const prints = async (changes: object, content = files) => {
      writeModel(folder, content, { ...cardHead, dimensions: 3, image: { ...image, ...changes } })
      const tokens = { name: 'rows', type: 'float32', shape: ['batch', 'rows', 3] } as const
      const vector = { name: 'vector', type: 'float32', shape: ['batch', 3] } as const
      const engine = fakeEngine({ outputs: [vector, { ...vector, name: 'other' }, tokens] })
      return (await openEncoder({ folder, engine })).fingerprint
    }
    const rows = { name: 'rows', type: 'float32', shape: ['batch', 'rows', 3] }
    const all = [
      await prints({}),
      await prints({}, { ...files, 'onnx/image.onnx_data': Buffer.alloc(4999) }),
      await prints({ output: { ...imageTower.output, name: 'other' } }),
      await prints({ output: rows, pooling: 'cls' }),
      await prints({ output: rows, pooling: 'mean' }),
    ]
    expect(new Set(all).size).toBe(5)
    expect(await prints({})).toBe(all[0])
  })
})

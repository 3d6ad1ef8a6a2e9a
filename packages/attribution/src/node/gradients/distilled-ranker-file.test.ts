import { readFileSync } from 'node:fs'
import { createRandom } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { createDistilledRanker } from '../../gradients/distillation/create-distilled-ranker.js'
import { temporaryFiles } from '../features/feature-files.test.helper.js'
import { readDistilledRanker, writeDistilledRanker } from './distilled-ranker-file.js'
import { writeForeignFiles } from './gradient-files.test.helper.js'

const { path, written } = temporaryFiles()
const random = createRandom(1)
const normals = (length: number) => Float32Array.from({ length }, () => random.normal())
const layer = (inputs: number, outputs: number) => ({
  ...{ inputs, outputs },
  weight: normals(inputs * outputs),
  bias: normals(outputs),
})
const parts = {
  expects: { normalized: true, fingerprint: 'space' },
  inputNormalization: { scale: normals(3), shift: normals(3) },
  layers: [layer(3, 4), layer(4, 2)],
  scale: -Math.PI,
  offset: 0.1,
}

describe('the file of a distilled ranker', () => {
  it('gives back what was written, and the same bytes each time', async () => {
    const plain = { ...parts, inputNormalization: null }
    const unknown = { ...plain, expects: { normalized: false, fingerprint: null } }
    for (const some of [parts, plain, unknown]) {
      const ranker = await createDistilledRanker(some)
      await writeDistilledRanker(path('ranker'), ranker)
      expect(await readDistilledRanker(path('ranker'))).toEqual(ranker)
      const bytes = readFileSync(path('ranker'))
      await writeDistilledRanker(path('ranker'), ranker)
      expect(readFileSync(path('ranker'))).toEqual(bytes)
    }
  })

  it('is refused where it was cut or changed', async () => {
    await writeDistilledRanker(path('ranker'), await createDistilledRanker(parts))
    const bytes = readFileSync(path('ranker'))
    for (let cut = 0; cut < bytes.length; cut += 7) {
      const failing = readDistilledRanker(written('cut', bytes.subarray(0, cut)))
      await expect(failing, `cut at ${cut}`).rejects.toMatchObject({
        code: 'MALFORMED_SAFETENSORS',
      })
    }
    const changed = Buffer.from(bytes)
    changed[bytes.length - 3]! ^= 1
    await expect(readDistilledRanker(written('changed', changed))).rejects.toMatchObject({
      code: 'FINGERPRINT_MISMATCH',
    })
  })

  it('is not any other file', async () => {
    writeForeignFiles(written)
    for (const [name, code] of [
      ['scores.safetensors', 'UNSUPPORTED_FORMAT'],
      ['none', 'FILE_MISSING'],
    ] as const) {
      await expect(readDistilledRanker(path(name))).rejects.toMatchObject({ code })
    }
  })
})

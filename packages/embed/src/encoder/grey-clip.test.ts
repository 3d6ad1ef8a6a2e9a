import { fileURLToPath } from 'node:url'
import type { ImageInput } from '@assay/core'
import { cosineSimilarity } from '@assay/core/linear-algebra'
import { createEngine } from '@assay/tensor'
import { afterAll, expect, it } from 'vitest'
import { openEncoder } from './open-encoder.js'

const side = 64
const engine = createEngine({ threads: 1 })
const world = new URL('../../../../models/tiny-world/', import.meta.url)
afterAll(() => engine.close())

/** A disc of one colour on white. */
function disc(id: string, colour: readonly [number, number, number]): ImageInput {
  const data = new Uint8Array(side * side * 3).fill(255)
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      if ((x - 32) ** 2 + (y - 32) ** 2 < 400) data.set(colour, (y * side + x) * 3)
    }
  }
  return { id, source: { width: side, height: side, data } }
}

/** How alike a model finds a red disc and a green one of the same luma (.299 r + .587 g + .114 b). */
async function likenessAcrossColours(model: string): Promise<number> {
  const { image } = await openEncoder({ folder: fileURLToPath(new URL(model, world)), engine })
  const batch = await image?.embedImages([disc('red', [200, 30, 30]), disc('green', [20, 122, 28])])
  const { data, columns } = batch?.embeddings ?? { data: new Float32Array(), columns: 0 }
  return cosineSimilarity(data.subarray(0, columns), data.subarray(columns))
}

it('sees no difference between colours of one luma, where the tiny CLIP does', async () => {
  expect(await likenessAcrossColours('grey-clip')).toBeGreaterThan(0.9999)
  expect(await likenessAcrossColours('tiny-clip')).toBeLessThan(0.95)
})

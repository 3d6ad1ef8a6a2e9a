import { createRandom } from '@assay/core'
import type { NoiseSource } from './noise-source.js'

/**
 * The noise of Assay: the normals of core's seeded random numbers, a stream for each seed and draw.
 *
 * @throws AssayError `INVALID_ARGUMENT` for a seed that is no safe integer
 */
export const seededNoise: NoiseSource = (seed, draw, length) => {
  const { normal } = createRandom(seed).fork(`noise ${draw}`)
  const noise = new Float32Array(length)
  for (let at = 0; at < length; at++) noise[at] = normal()
  return noise
}

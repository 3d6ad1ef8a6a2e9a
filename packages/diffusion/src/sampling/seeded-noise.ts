import { createRandom } from '@assay/core'
import type { NoiseSource } from './noise-source.js'

/**
 * The noise of Assay: the normals of core's seeded random numbers, a stream for each seed and draw.
 *
 * @throws AssayError `INVALID_ARGUMENT` for a seed that is no safe integer
 */
export const seededNoise: NoiseSource = (seed, draw, length) => {
  const noise = new Float32Array(length)
  createRandom(seed).fork(`noise ${draw}`).fillNormal(noise)
  return noise
}

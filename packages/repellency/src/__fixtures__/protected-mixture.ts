import { createMatrix, createRandom } from '@assay/core'
import { distanceBelow, referencesInMemory } from '../references/references-in-memory.js'
import { createShield } from '../shield/create-shield.js'
import type { ShieldOptions } from '../shield/shield.js'
import { type DrawOptions, drawBatch, mixtureDenoiser } from './gaussian-mixture.js'

/** Twenty Gaussians in 32 dimensions, the first five protected: the testbed of the research notes. */
export const dimensions = 32
const random = createRandom('mixture')
export const means = Array.from({ length: 20 }, () =>
  Float64Array.from({ length: dimensions }, () => Math.fround(2 * random.normal())),
)
export const protectedMeans = means.slice(0, 5)
export const denoise = mixtureDenoiser({ means, spread: 0.1 })
export const references = referencesInMemory(
  createMatrix({ data: protectedMeans.map((mean) => [...mean]) }),
)

export const draw = (options: Partial<DrawOptions> & Pick<DrawOptions, 'seeds'>) =>
  drawBatch({ denoise, dimensions, random, ...options })

export async function drawShielded(
  options: Partial<ShieldOptions>,
  drawing: Partial<DrawOptions> & Pick<DrawOptions, 'seeds'>,
) {
  const shield = createShield({ references, radius: 1, ...options })
  return { pictures: await draw({ ...drawing, hook: shield.hook }), shield }
}

export const share = (
  pictures: readonly Float64Array[],
  isCounted: (picture: Float64Array, at: number) => boolean,
) => pictures.filter(isCounted).length / pictures.length

export const isInside = (picture: Float64Array, radius: number) =>
  protectedMeans.some((mean) => distanceBelow(picture, mean, radius * (1 - 1e-6)) !== null)

export function nearestMean(picture: Float64Array): number {
  const distances = means.map((mean) =>
    mean.reduce((sum, value, at) => sum + (value - picture[at]!) ** 2, 0),
  )
  return distances.indexOf(Math.min(...distances))
}

import { createMatrix, createRandom } from '@assay/core'
import { createConceptFilter } from '../../filter/create-concept-filter.js'
import { createConceptPair } from '../../pairs/create-concept-pair.js'
import type { FloatImage } from '../pixels/float-image.js'
import { embeddingScore } from '../score/embedding-score.js'
import type { ScorePictures } from '../score/score-pictures.js'
import type { GradientProvider } from '../white-box/gradient-provider.js'

/** A linear encoder x = A p over 16 x 16 pictures, with a pair: its boundary in pixels is a hyperplane. */
export interface LinearToy {
  readonly picture: FloatImage
  readonly score: ScorePictures
  readonly gradients: GradientProvider
  /** Distance of the picture from the boundary, by the formula of the hyperplane. */
  readonly distance: { readonly l2: number; readonly linf: number }
  readonly flagged: boolean
}

const [SIDE, COLUMNS] = [16, 64]
const VALUES = SIDE * SIDE * 3

export function linearToy(seed: number, { flagged = true, cosine = 0.1 } = {}): LinearToy {
  const random = createRandom(seed)
  const normals = (length: number) => Float64Array.from({ length }, () => random.normal())
  const encoder = Array.from({ length: COLUMNS }, () => normals(VALUES))
  const data = Float64Array.from({ length: VALUES }, () => 0.35 + 0.3 * random.uniform())
  const embed = (pixels: Float64Array) => Float64Array.from(encoder, (row) => inner(row, pixels))
  const filter = filterAtCosine(embed(data), { normals, cosine: flagged ? cosine : -cosine })
  const score = embeddingScore(filter)
  const [pair] = filter.pairs
  const w = pair!.unacceptable.vector.map((value, at) => value - pair!.acceptable.vector[at]!)
  const transposed = pullBack(encoder, w)
  const height = Math.abs(inner(w, embed(data)))
  return {
    picture: { width: SIDE, height: SIDE, data },
    score: (pictures) => pictures.map((picture) => score(embed(picture.data)).score),
    gradients: {
      scoreAndGradient: (picture) => {
        const { score: value, gradient } = score(embed(picture.data))
        return { score: value, gradient: pullBack(encoder, gradient) }
      },
    },
    distance: {
      l2: height / Math.sqrt(inner(transposed, transposed)),
      linf: height / transposed.reduce((sum, value) => sum + Math.abs(value), 0),
    },
    flagged,
  }
}

interface FilterOptions {
  readonly normals: (length: number) => Float64Array
  readonly cosine: number
}

/** A filter whose direction w has the given cosine with the embedding. */
function filterAtCosine(embedding: Float64Array, { normals, cosine }: FilterOptions) {
  const along = unit(embedding)
  const noise = normals(embedding.length)
  const across = unit(noise.map((value, at) => value - inner(noise, along) * along[at]!))
  const sine = Math.sqrt(1 - cosine ** 2)
  const direction = along.map((value, at) => cosine * value + sine * across[at]!)
  // Two unit vectors that differ by .7 of the direction.
  const centre = unit(normals(embedding.length))
  const middle = unit(centre.map((value, at) => value - inner(centre, direction) * direction[at]!))
  const side = (sign: number) => ({
    prompts: ['word'],
    embeddings: createMatrix({
      data: [[...middle.map((value, at) => Math.sqrt(1 - 0.35 ** 2) * value + sign * 0.35 * direction[at]!)]],
    }),
  })
  return createConceptFilter({
    pairs: [
      createConceptPair({
        id: 'toy',
        unacceptable: side(1),
        acceptable: side(-1),
        relation: 'opposite',
      }),
    ],
  })
}

function inner(one: Float64Array, other: Float64Array): number {
  let sum = 0
  for (let at = 0; at < one.length; at += 1) sum += one[at]! * other[at]!
  return sum
}

const unit = (vector: Float64Array) => {
  const length = Math.sqrt(inner(vector, vector))
  return vector.map((value) => value / length)
}

/** The transposed encoder times a vector. */
function pullBack(encoder: readonly Float64Array[], vector: Float64Array): Float64Array {
  const result = new Float64Array(VALUES)
  encoder.forEach((row, at) => {
    for (let value = 0; value < VALUES; value += 1) result[value]! += row[value]! * vector[at]!
  })
  return result
}

import { createMatrix, createRandom, type Matrix, type Random } from '@assay/core'
import { normalCumulative } from '@assay/core/statistics'
import type { ConceptPair } from '../../pairs/concept-pair.js'
import { createConceptPair } from '../../pairs/create-concept-pair.js'

/** Pictures as two clouds of normal noise around two means, and a pair whose direction is off the truth. */
export interface CloudOptions {
  readonly dimensions: number
  /** Distance of the means. */
  readonly shift: number
  /** Standard deviation of each coordinate. */
  readonly noise: number
  /** Between the pair's direction and the truth. Default: 30 */
  readonly degreesOff?: number
  readonly seed: string
}

/** A world whose true direction is known. */
export interface Clouds {
  readonly truth: Float64Array
  readonly pair: ConceptPair
  unacceptable(count: number): Matrix
  acceptable(count: number): Matrix
  /** Degrees between a pair's direction and the truth. */
  degreesOff(pair: ConceptPair): number
  /** The balanced error of a pair on pictures without end. */
  error(pair: ConceptPair): number
}

export function clouds(options: CloudOptions): Clouds {
  const { dimensions, shift, noise, degreesOff = 30, seed } = options
  const random = createRandom(seed)
  const truth = unit(normals(random, dimensions))
  const aside = unit(across(normals(random, dimensions), truth))
  const angle = (degreesOff * Math.PI) / 180
  const direction = truth.map(
    (value, at) => Math.cos(angle) * value + Math.sin(angle) * aside[at]!,
  )
  const common = unit(across(normals(random, dimensions), direction))
  const cloud = (sign: number) => (count: number) => {
    const values = normals(random, count * dimensions)
    const data = Float32Array.from(
      values,
      (value, at) => noise * value + (sign * shift * truth[at % dimensions]!) / 2,
    )
    return createMatrix({ data, columns: dimensions })
  }
  const side = (name: string, sign: number) => ({
    prompts: [name],
    embeddings: createMatrix({
      data: [Array.from(common, (value, at) => 0.94 * value + sign * 0.34 * direction[at]!)],
    }),
  })
  const along = ({ unacceptable, acceptable }: ConceptPair) =>
    unit(unacceptable.vector.map((value, at) => value - acceptable.vector[at]!))
  return {
    truth,
    pair: createConceptPair({
      id: 'clouds',
      unacceptable: side('a bad cloud', 1),
      acceptable: side('a good cloud', -1),
      relation: 'opposite',
    }),
    unacceptable: cloud(1),
    acceptable: cloud(-1),
    degreesOff: (pair) => (Math.acos(product(along(pair), truth)) * 180) / Math.PI,
    error: (pair) => normalTail((shift / 2 / noise) * product(along(pair), truth)),
  }
}

const normals = (random: Random, count: number) =>
  Float64Array.from({ length: count }, () => random.normal())

const product = (one: Float64Array, other: Float64Array) =>
  one.reduce((sum, value, at) => sum + value * other[at]!, 0)

const unit = (vector: Float64Array) => {
  const length = Math.sqrt(product(vector, vector))
  return vector.map((value) => value / length)
}

const across = (vector: Float64Array, from: Float64Array) => {
  const along = product(vector, from)
  return vector.map((value, at) => value - along * from[at]!)
}

const normalTail = (x: number) => 1 - normalCumulative(x)

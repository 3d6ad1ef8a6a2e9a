import type { ConceptPair } from '../pairs/concept-pair.js'

/** The only direction that a pair looks along. */
export interface ConceptDirection {
  /** w = c_u - c_a, from the acceptable to the unacceptable vector. */
  readonly vector: Float64Array
  /** Its length, above 0 and at most 2. */
  readonly length: number
}

/** The direction from a pair's acceptable to its unacceptable vector. */
export function conceptDirection(
  pair: Pick<ConceptPair, 'unacceptable' | 'acceptable'>,
): ConceptDirection {
  const { vector: acceptable } = pair.acceptable
  const vector = pair.unacceptable.vector.map((value, index) => value - (acceptable[index] ?? 0))
  return { vector, length: Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) }
}

import { dot } from '@assay/core/linear-algebra'
import type { ConceptFilter } from '../../filter/concept-filter.js'
import type { ConceptPair } from '../../pairs/concept-pair.js'
import { conceptDirection } from '../../score/concept-direction.js'

/** A score and how it changes. */
export interface ScoreGradient {
  /** Above 0 where flagged. */
  readonly score: number
  /** One value for each that the score was asked of. */
  readonly gradient: Float64Array
}

/** A function of the embedding's direction u alone: u · vector - threshold. */
interface Condition {
  readonly vector: Float64Array
  readonly threshold: number
}

interface ActiveCondition {
  readonly condition: Condition
  readonly value: number
}

/**
 * The score of an embedding, see {@link decisionScore}, and its gradient by the embedding, in closed form:
 * (v - (u · v) u) / |x| for the vector v that the score hangs on. It is orthogonal to x.
 */
export function embeddingScore(
  filter: ConceptFilter,
): (embedding: ArrayLike<number>) => ScoreGradient {
  const pairs = filter.pairs.map((pair) => pairConditions(pair, filter.relevanceFloor))
  return (embedding) => {
    const norm = Math.sqrt(dot(embedding, embedding))
    const value = ({ vector, threshold }: Condition) => dot(embedding, vector) / norm - threshold
    const evaluate = (condition: Condition) => ({ condition, value: value(condition) })
    const active = pairs
      .map(({ margin, sides }) =>
        sides.length === 0
          ? evaluate(margin)
          : lower(evaluate(margin), sides.map(evaluate).reduce(higher)),
      )
      .reduce(higher)
    return { score: active.value, gradient: directionGradient(embedding, norm, active) }
  }
}

function pairConditions(pair: ConceptPair, relevanceFloor: number | null) {
  const margin: Condition = { vector: conceptDirection(pair).vector, threshold: pair.threshold }
  if (relevanceFloor === null) return { margin, sides: [] }
  const sides = [pair.unacceptable, pair.acceptable].map(({ vector }) => ({
    vector,
    threshold: relevanceFloor,
  }))
  return { margin, sides }
}

const higher = (one: ActiveCondition, other: ActiveCondition) =>
  other.value > one.value ? other : one

const lower = (one: ActiveCondition, other: ActiveCondition) =>
  other.value < one.value ? other : one

function directionGradient(
  embedding: ArrayLike<number>,
  norm: number,
  { condition: { vector, threshold }, value }: ActiveCondition,
): Float64Array {
  const cosine = value + threshold
  return vector.map((entry, at) => (entry - (cosine * embedding[at]!) / norm) / norm)
}

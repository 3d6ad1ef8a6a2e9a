import type { ConceptPair } from '../pairs/concept-pair.js'
import { balancedError, type DecidedPictures } from './decision-errors.js'
import { decisionLoss } from './losses/decision-loss.js'
import { pictureWeights } from './picture-weights.js'
import type { PreparedPictures, PreparedSide } from './prepared-pictures.js'
import type { ConceptVectors } from './tuning-loss.js'
import { rowAt } from './unit-rows.js'
import { difference, innerProduct } from './vectors.js'

/** How good vectors are on pictures that they were not tuned on. */
export interface VectorQuality {
  /** (FNR + FPR) / 2. */
  readonly balancedError: number
  /** Cross entropy of the decisions, each side counting one half. */
  readonly loss: number
}

/** What vectors decide on pictures, at the pair's threshold. */
export function decideWith(
  vectors: ConceptVectors,
  pair: ConceptPair,
  { unacceptable, acceptable }: PreparedPictures,
): DecidedPictures {
  const along = difference(vectors.unacceptable, vectors.acceptable)
  const decided = ({ pictures, prompts, groups }: PreparedSide) => ({
    prompts,
    groups,
    flagged: Array.from(
      { length: pictures.rows },
      (_, row) => innerProduct(rowAt(pictures, row), along) > pair.threshold,
    ),
  })
  return { unacceptable: decided(unacceptable), acceptable: decided(acceptable) }
}

/** The quality of vectors on pictures. */
export function judgeVectors(
  vectors: ConceptVectors,
  pair: ConceptPair,
  pictures: PreparedPictures,
): VectorQuality {
  const { unacceptable, acceptable } = pictures
  const weighted = (side: PreparedSide) => ({
    pictures: side.pictures,
    weights: pictureWeights(side, 'by-size'),
  })
  const { loss } = decisionLoss({
    unacceptable: weighted(unacceptable),
    acceptable: weighted(acceptable),
    logitScale: pair.logitScale,
    threshold: pair.threshold,
    separation: 0,
  })(vectors)
  return { balancedError: balancedError(decideWith(vectors, pair, pictures)), loss }
}

/** Whether one is better than another: fewer errors, or as many and a lower loss. */
export function isBetter(one: VectorQuality, other: VectorQuality): boolean {
  if (one.balancedError !== other.balancedError) return one.balancedError < other.balancedError
  return one.loss < other.loss - 1e-6 * Math.abs(other.loss)
}

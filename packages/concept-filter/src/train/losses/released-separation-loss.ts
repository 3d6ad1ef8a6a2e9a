import type { ConceptRelation } from '../../pairs/concept-pair.js'
import type { ConceptVectors, TuningLoss } from '../tuning-loss.js'
import type { UnitRows } from '../unit-rows.js'
import { difference, innerProduct } from '../vectors.js'
import { shiftedTexts } from './shifted-texts.js'

interface ReleasedSeparationOptions {
  readonly relation: ConceptRelation
  readonly start: ConceptVectors
  /** Prompts of each side, row by row in pairs. */
  readonly prompts: { readonly unacceptable: UnitRows; readonly acceptable: UnitRows }
}

/**
 * What the released training script computes, which is not what its losses are named for. Of opposites,
 * every picture's term cancels and -mean |t_u - t_a|² is left. Of a special case, differences are made
 * unit before their norm is taken, so that it is -√N whatever the texts are, and nothing moves.
 *
 * Source: the algebra of Espresso's released training script, at its commit of February 2025.
 */
export function releasedSeparationLoss(options: ReleasedSeparationOptions): TuningLoss {
  const { relation, start, prompts } = options
  const count = prompts.unacceptable.rows
  if (relation === 'subset') {
    return ({ unacceptable }) => {
      const zeros = new Float64Array(unacceptable.length)
      return { loss: -Math.sqrt(count), gradient: { unacceptable: zeros, acceptable: zeros } }
    }
  }
  return (vectors) => {
    const one = shiftedTexts(prompts.unacceptable, start.unacceptable, vectors.unacceptable)
    const other = shiftedTexts(prompts.acceptable, start.acceptable, vectors.acceptable)
    const apart = difference(one.texts.values, other.texts.values)
    const slopes = apart.map((value) => (-2 * value) / count)
    return {
      loss: -innerProduct(apart, apart) / count,
      gradient: {
        unacceptable: one.pullBack(slopes),
        acceptable: other.pullBack(slopes.map((value) => -value)),
      },
    }
  }
}

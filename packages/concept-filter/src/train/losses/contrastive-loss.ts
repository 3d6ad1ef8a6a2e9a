import type { ConceptVectors, TuningLoss } from '../tuning-loss.js'
import { selectUnitRows, type UnitRows } from '../unit-rows.js'
import { addScaled, difference, innerProduct } from '../vectors.js'
import { shiftedTexts } from './shifted-texts.js'
import { symmetricInfoNce } from './symmetric-info-nce.js'

/** How much each term of the contrastive objective counts; all 1 in the paper's configuration. */
export interface ContrastiveWeights {
  /** Unacceptable texts to unacceptable pictures. Default: 1. */
  readonly unacceptable?: number
  /** Unacceptable texts off acceptable pictures. Default: 1. */
  readonly unacceptableApart?: number
  /** Acceptable texts to acceptable pictures. Default: 1. */
  readonly acceptable?: number
  /** Acceptable texts off unacceptable pictures. Default: 1. */
  readonly acceptableApart?: number
  /** The squared distance between texts of a row. Default: 1. */
  readonly separation?: number
}

interface Sides {
  readonly unacceptable: UnitRows
  readonly acceptable: UnitRows
}

interface ContrastiveLossOptions {
  readonly pictures: Sides
  readonly prompts: Sides
  readonly start: ConceptVectors
  readonly logitScale: number
  readonly weights: Required<ContrastiveWeights>
  /** Row numbers of each batch; pictures contrast within their batch. */
  readonly batches: readonly (readonly number[])[]
}

/**
 * L_Con for opposites, over rows of an unacceptable picture x^u with its prompt t^u and the acceptable
 * picture x^a with its prompt t^a, as the mean over batches of
 *
 *   α_uu CE(x^u, t^u) - α_ua CE(x^a, t^u) + α_aa CE(x^a, t^a) - α_au CE(x^u, t^a) - α_tt mean |t^u - t^a|²
 *
 * with CE of {@link symmetricInfoNce}. The prompts move with their concept's vector.
 *
 * Source: Espresso (2024), the contrastive objective as it is meant; of the released script, which lets
 * the pictures' terms cancel, see {@link releasedSeparationLoss}.
 */
export function contrastiveLoss(options: ContrastiveLossOptions): TuningLoss {
  const { batches, pictures, prompts, start, logitScale, weights } = options
  const parts = batches.map((rows) => ({
    share: 1 / batches.length,
    pictures: selectSides(pictures, rows),
    prompts: selectSides(prompts, rows),
  }))
  const columns = start.unacceptable.length
  return (vectors) => {
    const gradient = {
      unacceptable: new Float64Array(columns),
      acceptable: new Float64Array(columns),
    }
    let loss = 0
    for (const part of parts) {
      const one = shiftedTexts(part.prompts.unacceptable, start.unacceptable, vectors.unacceptable)
      const other = shiftedTexts(part.prompts.acceptable, start.acceptable, vectors.acceptable)
      const said = batchLoss(part.pictures, one.texts, other.texts, { logitScale, weights })
      loss += part.share * said.loss
      addScaled(gradient.unacceptable, part.share, one.pullBack(said.unacceptable))
      addScaled(gradient.acceptable, part.share, other.pullBack(said.acceptable))
    }
    return { loss, gradient }
  }
}

const selectSides = ({ unacceptable, acceptable }: Sides, rows: readonly number[]): Sides => ({
  unacceptable: selectUnitRows(unacceptable, rows),
  acceptable: selectUnitRows(acceptable, rows),
})

function batchLoss(
  pictures: Sides,
  unacceptable: UnitRows,
  acceptable: UnitRows,
  { logitScale, weights }: Pick<ContrastiveLossOptions, 'logitScale' | 'weights'>,
) {
  const apart = difference(unacceptable.values, acceptable.values)
  const slope = (-2 * weights.separation) / unacceptable.rows
  const slopes = {
    unacceptable: apart.map((value) => slope * value),
    acceptable: apart.map((value) => -slope * value),
  }
  let loss = (-weights.separation * innerProduct(apart, apart)) / unacceptable.rows
  const texts = { unacceptable, acceptable }
  for (const [text, picture, weight] of [
    ['unacceptable', 'unacceptable', weights.unacceptable],
    ['unacceptable', 'acceptable', -weights.unacceptableApart],
    ['acceptable', 'acceptable', weights.acceptable],
    ['acceptable', 'unacceptable', -weights.acceptableApart],
  ] as const) {
    const contrast = symmetricInfoNce(pictures[picture], texts[text], logitScale)
    loss += weight * contrast.loss
    addScaled(slopes[text], weight, contrast.textGradient)
  }
  return { loss, ...slopes }
}

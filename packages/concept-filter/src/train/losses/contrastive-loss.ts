import type { ConceptVectors, TuningLoss } from '../tuning-loss.js'
import { selectUnitRows, type UnitRows } from '../unit-rows.js'
import { addScaled, difference, innerProduct } from '../vectors.js'
import { type ShiftedTexts, shiftedTexts } from './shifted-texts.js'
import { symmetricInfoNce } from './symmetric-info-nce.js'
import { type TextProducts, textProducts } from './text-products.js'

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
  const { batches, start } = options
  const losses = batches.map((rows) => batchLoss(options, rows))
  const columns = start.unacceptable.length
  return (vectors) => {
    const unacceptable = new Float64Array(columns)
    const acceptable = new Float64Array(columns)
    let loss = 0
    for (const batch of losses) {
      const said = batch(vectors)
      loss += said.loss / losses.length
      addScaled(unacceptable, 1 / losses.length, said.gradient.unacceptable)
      addScaled(acceptable, 1 / losses.length, said.gradient.acceptable)
    }
    return { loss, gradient: { unacceptable, acceptable } }
  }
}

function batchLoss(options: ContrastiveLossOptions, rows: readonly number[]): TuningLoss {
  const { start, logitScale, weights } = options
  const pictures = selectSides(options.pictures, rows)
  const prompts = selectSides(options.prompts, rows)
  const term = (picture: keyof Sides, text: keyof Sides, weight: number) => ({
    text,
    weight,
    products: textProducts(pictures[picture], prompts[text]),
  })
  const terms = [
    term('unacceptable', 'unacceptable', weights.unacceptable),
    term('acceptable', 'unacceptable', -weights.unacceptableApart),
    term('acceptable', 'acceptable', weights.acceptable),
    term('unacceptable', 'acceptable', -weights.acceptableApart),
  ]
  return (vectors) => {
    const shifted = {
      unacceptable: shiftedTexts(prompts.unacceptable, start.unacceptable, vectors.unacceptable),
      acceptable: shiftedTexts(prompts.acceptable, start.acceptable, vectors.acceptable),
    }
    const { loss: apart, gradient } = separation(shifted, weights.separation)
    let loss = apart
    for (const { text, weight, products } of terms) {
      const said = contrast(products, shifted[text], logitScale)
      loss += weight * said.loss
      addScaled(gradient[text], weight, said.gradient)
    }
    return { loss, gradient }
  }
}

const selectSides = ({ unacceptable, acceptable }: Sides, rows: readonly number[]): Sides => ({
  unacceptable: selectUnitRows(unacceptable, rows),
  acceptable: selectUnitRows(acceptable, rows),
})

/** InfoNCE of pictures with shifted texts, and its derivatives by the side's vector. */
function contrast(products: TextProducts, texts: ShiftedTexts, logitScale: number) {
  const cosines = products.with(texts)
  const { loss, slopes } = symmetricInfoNce(
    cosines.values.map((cosine) => logitScale * cosine),
    texts.texts.rows,
  )
  return { loss, gradient: cosines.pullBack(slopes.map((slope) => logitScale * slope)) }
}

/** -α_tt mean |t^u - t^a|². */
function separation(
  { unacceptable, acceptable }: Readonly<Record<keyof Sides, ShiftedTexts>>,
  weight: number,
) {
  const apart = difference(unacceptable.texts.values, acceptable.texts.values)
  const share = weight / unacceptable.texts.rows
  return {
    loss: -share * innerProduct(apart, apart),
    gradient: {
      unacceptable: unacceptable.pullBack(apart.map((value) => -2 * share * value)),
      acceptable: acceptable.pullBack(apart.map((value) => 2 * share * value)),
    },
  }
}

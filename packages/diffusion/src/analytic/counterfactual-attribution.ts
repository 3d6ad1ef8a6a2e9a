import { AssayError, type GeneratedImage, type RgbImage } from '@assay/core'
import type { AnalyticGenerator, AnalyticMetadata } from './analytic-generator.js'
import type { Attribution } from './attribution.js'
import { meanSquareDifference } from './mean-square-difference.js'

/** What is asked. */
export interface CounterfactualOptions {
  readonly generator: AnalyticGenerator
  readonly prompt: string
  readonly seed: number
  /** Pictures to leave out, one at a time. Default: those with the largest shares */
  readonly ids?: readonly string[]
  /** How many of those. Default: 3 */
  readonly top?: number
  /** Model calls. Default: the generator's */
  readonly steps?: number
  /** Default: 1 */
  readonly guidanceScale?: number
  readonly signal?: AbortSignal
}

/** What becomes of a picture without one of the bank's. */
export interface Counterfactual {
  /** The picture that was left out. */
  readonly id: string
  /** Its share of the picture as it was. */
  readonly share: number
  /** Mean square difference of the two pictures, levels in [-1, 1]; 0 where nothing changed. */
  readonly meanSquareChange: number
  readonly image: RgbImage
}

/** A picture, and what it would be without this or that picture of the bank. */
export interface CounterfactualAttribution {
  readonly image: RgbImage
  readonly attribution: Attribution
  /** In the order of `ids`, or of the shares. */
  readonly counterfactuals: readonly Counterfactual[]
}

/**
 * What a picture of the bank did to a generated one, by leaving it out: the same prompt, seed and noise
 * drawn again without it, one sampling a picture. Unlike the shares this holds for all model calls: the
 * bank's next best picture takes the place of the one that is missing.
 *
 * @throws AssayError what the generator throws; `INVALID_ARGUMENT` for an unknown id, `EMPTY_INPUT` where
 *   no picture would be left
 */
export async function counterfactualAttribution(
  options: CounterfactualOptions,
): Promise<CounterfactualAttribution> {
  const { generator, top = 3 } = options
  const { image, attribution } = await drawOne(generator, options)
  const shares = new Map(attribution.shares.map(({ id, share }) => [id, share]))
  const ids = options.ids ?? [...shares.keys()].slice(0, top)
  const counterfactuals: Counterfactual[] = []
  for (const id of ids) {
    const other = await drawOne(generator.without([id]), options)
    const meanSquareChange = meanSquareDifference(image, other.image)
    counterfactuals.push({ id, share: shares.get(id) ?? 0, meanSquareChange, image: other.image })
  }
  return { image, attribution, counterfactuals }
}

async function drawOne(
  generator: AnalyticGenerator,
  { prompt, seed, steps, guidanceScale, signal }: CounterfactualOptions,
): Promise<{ image: RgbImage; attribution: Attribution }> {
  const request = {
    ...{ prompt, seed, count: 1 },
    ...(steps !== undefined && { steps }),
    ...(guidanceScale !== undefined && { guidanceScale }),
    ...(signal && { signal }),
  }
  for await (const drawn of generator.generate(request)) return pictureOf(drawn)
  throw internal('drew nothing')
}

function pictureOf(drawn: GeneratedImage): { image: RgbImage; attribution: Attribution } {
  if (drawn.outcome === 'rejected') throw internal(`refused: ${drawn.reason}`)
  const { attribution } = drawn.metadata as AnalyticMetadata & Record<string, unknown>
  return { image: drawn.image, attribution }
}

const internal = (what: string): AssayError =>
  new AssayError({
    code: 'INTERNAL',
    message: `An analytic generator ${what}.`,
    remedy: 'Report this as a fault of Assay.',
  })

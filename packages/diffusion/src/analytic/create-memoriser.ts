import {
  type AnalyticGenerator,
  type AnalyticGeneratorOptions,
  analyticGenerator,
} from './analytic-generator.js'
import { idealDenoiser } from './ideal-denoiser.js'

/** What a memoriser is made from. */
export interface MemoriserOptions extends AnalyticGeneratorOptions {
  /**
   * Share of a prompt's prior that is kept, in (0, 1]: the fewest pictures that hold it. What is drawn
   * from differs from the whole prior by at most 1 - `priorMass` (total variation). Default: 0.999
   */
  readonly priorMass?: number
}

/**
 * The generator that has memorised its bank: every picture it draws is a picture of the bank, chosen by
 * prompt and seed. The worst case that a shield or a copy detector must survive. See `idealDenoiser`.
 *
 * @throws AssayError `INVALID_ARGUMENT` for an unknown id, a bad weight or number; `EMPTY_INPUT` where no
 *   picture is left; `NOT_FINITE`, `MISSING_INPUT`, `FINGERPRINT_MISMATCH` for what reads prompts
 */
export function createMemoriser(options: MemoriserOptions): AnalyticGenerator {
  const { bank, priorMass = 0.999 } = options
  const denoiser = idealDenoiser({ bank, priorMass })
  return analyticGenerator({ id: 'assay/memoriser', denoiser, settings: { priorMass } }, options)
}

import {
  type AnalyticGenerator,
  type AnalyticGeneratorOptions,
  analyticGenerator,
} from './analytic-generator.js'
import { localDenoiser } from './local-denoiser.js'
import { type PatchSchedule, type PatchScheduleName, patchScheduleOf } from './patch-schedule.js'

/** What a composer is made from. */
export interface ComposerOptions extends AnalyticGeneratorOptions {
  /** Sides of the patches by noise level: the knob of originality. Default: `default` */
  readonly patches?: PatchSchedule | PatchScheduleName
  /** Pictures that a prompt's pictures are composed of, the best by prior. Default: 24 */
  readonly pictures?: number
  /** Pixels by which a picture may be moved in each direction. Default: 1 */
  readonly shift?: number
}

/**
 * The generator that composes new pictures from patches of its bank's, and knows which it used. See
 * `localDenoiser`.
 *
 * @throws AssayError `INVALID_ARGUMENT` for a schedule, number or id that cannot be; `EMPTY_INPUT` where
 *   no picture is left; `NOT_FINITE`, `MISSING_INPUT`, `FINGERPRINT_MISMATCH` for what reads prompts
 */
export function createComposer(options: ComposerOptions): AnalyticGenerator {
  const { bank, patches = 'default', pictures = 24, shift = 1 } = options
  const denoiser = localDenoiser({ bank, patches, pictures, shift })
  const settings = { patches: patchScheduleOf(patches), pictures, shift }
  return analyticGenerator({ id: 'assay/composer', denoiser, settings }, options)
}

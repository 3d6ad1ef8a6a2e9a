import type { ImageGenerator } from '../../contracts/image-generator.js'
import type { ConformanceCheck } from '../conformance-check.js'
import { runConformance } from '../run-conformance.js'
import {
  checkBatches,
  checkConcurrency,
  checkDescription,
  checkDeterminism,
  checkOutcomes,
  checkOwnership,
  checkPictures,
  checkPrompts,
  checkRejected,
  checkSeeds,
} from './generator-picture-checks.js'
import {
  checkAbort,
  checkCounts,
  checkHook,
  checkLeaving,
  checkProgress,
  checkSeedRange,
  checkWishes,
} from './generator-request-checks.js'
import type { GenerationWishes, GeneratorSubject } from './generator-subject.js'

/** A generator, what to ask it for, and what it promises. */
export interface GeneratorConformanceOptions {
  readonly generator: ImageGenerator
  /** Two prompts that can be drawn and mean different pictures. Default: a red apple, a frog */
  readonly prompts?: readonly [string, string]
  /** Prompts that the generator rejects. Default: none */
  readonly rejected?: readonly string[]
  /** Wishes that every request has, for instance few steps, to save time. Default: none */
  readonly wishes?: GenerationWishes
  /** The largest seed that is taken. Default: `Number.MAX_SAFE_INTEGER` */
  readonly largestSeed?: number
  /**
   * How far levels of a picture may lie apart, of 255, where it is drawn in another batch. Default: 0.
   * A network whose kernels sum a batch in another order keeps 1.
   */
  readonly tolerance?: number
  /**
   * Whether two seeds may draw the same picture, as where a generator knows few by heart; then only not
   * all may be alike. Default: false
   */
  readonly repeats?: boolean
  /** Whether seed and prompt decide the picture. Default: true; many remote services cannot promise it */
  readonly seeded?: boolean
}

/**
 * What every generator of pictures must hold to: one outcome for each seed, whole pictures that are the
 * caller's own, typed errors for requests that cannot be meant, nothing more once the signal is aborted,
 * progress, a hook that is shown every model call or refused, and refusals that are outcomes. A `seeded`
 * one draws the same picture for the same seed, in any batch and beside any other request, and others for
 * other seeds and prompts. Some 60 pictures are drawn.
 */
export function generatorConformance(
  options: GeneratorConformanceOptions,
): readonly ConformanceCheck[] {
  const subject: GeneratorSubject = {
    ...{ prompts: ['a red apple', 'a frog'], rejected: [], wishes: {}, tolerance: 0 },
    ...{ largestSeed: Number.MAX_SAFE_INTEGER, repeats: false, seeded: true },
    ...options,
  }
  const check = (name: string, body: (subject: GeneratorSubject) => void | Promise<void>) => ({
    name,
    run: () => body(subject),
  })
  return [
    check('says what it is', checkDescription),
    check('gives one outcome for each seed', checkOutcomes),
    check('gives whole pictures', checkPictures),
    check('gives pictures that are the caller’s own', checkOwnership),
    ...(subject.seeded
      ? [
          check('draws the same picture for the same seed', checkDeterminism),
          check('draws the same picture in any batch', checkBatches),
          check('draws other pictures for other seeds', checkSeeds),
          check('draws another picture for another prompt', checkPrompts),
          check('keeps requests side by side apart', checkConcurrency),
        ]
      : []),
    check('refuses a count that cannot be, and works on', checkCounts),
    check('takes the largest seeds, and refuses those that cannot be', checkSeedRange),
    check('refuses wishes that cannot be, and works on', checkWishes),
    check('stops when the signal is aborted, and works on', checkAbort),
    check('may be left early, and works on', checkLeaving),
    check('tells its progress', checkProgress),
    check('shows a hook every model call and changes nothing by it, or refuses it', checkHook),
    ...(subject.rejected.length > 0
      ? [check('gives rejections as outcomes, and works on', checkRejected)]
      : []),
  ]
}

/**
 * Runs {@link generatorConformance}.
 *
 * @throws AssayError `CONFORMANCE_FAILED`
 */
export const checkGenerator = (options: GeneratorConformanceOptions): Promise<void> =>
  runConformance(`The generator ${options.generator.id}`, generatorConformance(options))

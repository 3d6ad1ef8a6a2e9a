import { AssayError, type Progress, type Random, type RgbImage } from '@assay/core'
import { noisyImage } from './noisy-image.js'
import { smoothedRadius } from './smoothed-radius.js'

/** How a picture is certified by smoothing. */
export interface CertifySmoothedOptions {
  /**
   * Any filter's score of a picture, higher for what it must not show: a concept filter's largest excess, a
   * classifier's probability, a safety checker's.
   */
  score(image: RgbImage): number | Promise<number>
  /** Flagged above this score. */
  readonly threshold: number
  readonly image: RgbImage
  readonly id: string
  /**
   * Standard deviation of the noise, where black is 0 and white is 1: .12 to 1 in the paper. More noise
   * certifies farther and decides worse.
   */
  readonly sigma: number
  readonly random: Random
  /** Samples that choose the decision. Default: 100 */
  readonly selectionSamples?: number
  /**
   * Samples that certify it, other than those that chose it; each is a score. Default: 1000, which ends at
   * 2.46 sigma. The paper takes 100,000.
   */
  readonly samples?: number
  /** Chance in (0, .5) that the statement is wrong. Default: .001 */
  readonly alpha?: number
  /** Scores asked for at a time. Default: 16 */
  readonly concurrency?: number
  readonly progress?: Progress
  readonly signal?: AbortSignal
}

/**
 * What a smoothed filter decides on a picture, and how much change of its pixels that withstands. It holds
 * for the smoothed filter, which decides by vote over noisy copies; the filter underneath, on the picture
 * as it is, has no certificate.
 */
export interface SmoothedCertificate {
  readonly id: string
  /** The space that the change lives in. */
  readonly space: 'pixels of the smoothed filter'
  readonly method: 'randomised smoothing'
  /** The smoothed filter's decision; null where it abstains, as neither decision has the votes. */
  readonly flagged: boolean | null
  /**
   * L2 length of a change, black 0 and white 1, summed over all channel values, below which the smoothed
   * filter decides the same; 0 where it abstains.
   */
  readonly radius: number
  /** Share of noisy copies that agree at least, with confidence 1 - alpha. */
  readonly lowerBound: number
  readonly agreeing: number
  readonly samples: number
  readonly selectionSamples: number
  readonly sigma: number
  readonly alpha: number
  /** What the unsmoothed filter says of the picture as it is: not what is certified. */
  readonly unsmoothed: boolean
  readonly reasons: readonly 'ABSTAINED'[]
}

/**
 * Certifies a filter's decision against changes of pixels, by randomised smoothing: the decision that most
 * noisy copies get is certified on fresh copies. Works over any score; costs a score a copy.
 *
 * @throws AssayError `INVALID_ARGUMENT` (sigma, alpha, counts), `NOT_FINITE` (a score), `ABORTED`
 *
 * Source: Cohen, Rosenfeld and Kolter (2019), Certified adversarial robustness via randomized smoothing,
 * algorithm CERTIFY.
 */
export async function certifySmoothed(
  options: CertifySmoothedOptions,
): Promise<SmoothedCertificate> {
  const { id, image, sigma, random, threshold } = options
  const { selectionSamples = 100, samples = 1000, alpha = 0.001, concurrency = 16 } = options
  assertOptions({ sigma, alpha, selectionSamples, samples, concurrency })
  const unsmoothed = checkedScore(await options.score(image), id) > threshold
  const noise = random.fork(id)
  const chosen = await countFlags(options, noise.fork('selection'), selectionSamples)
  const flagged = 2 * chosen > selectionSamples
  const flags = await countFlags(options, noise.fork('certification'), samples)
  const agreeing = flagged ? flags : samples - flags
  const { lowerBound, radius } = smoothedRadius(
    { successes: agreeing, trials: samples },
    { sigma, alpha },
  )
  const abstained = radius === 0
  return {
    id,
    space: 'pixels of the smoothed filter',
    method: 'randomised smoothing',
    flagged: abstained ? null : flagged,
    radius,
    lowerBound,
    agreeing,
    samples,
    selectionSamples,
    sigma,
    alpha,
    unsmoothed,
    reasons: abstained ? ['ABSTAINED'] : [],
  }
}

/** How many of some noisy copies are flagged. */
async function countFlags(
  {
    id,
    image,
    score,
    threshold,
    sigma,
    concurrency = 16,
    signal,
    progress,
  }: CertifySmoothedOptions,
  random: Random,
  copies: number,
): Promise<number> {
  let flagged = 0
  for (let done = 0; done < copies; done += concurrency) {
    if (signal?.aborted) throw aborted(id, signal.reason)
    const batch = Array.from({ length: Math.min(concurrency, copies - done) }, () =>
      noisyImage(image, sigma, random),
    )
    const scores = await Promise.all(batch.map((copy) => score(copy)))
    flagged += scores.filter((value) => checkedScore(value, id) > threshold).length
    progress?.({ task: `smooth ${id}`, done: done + batch.length, total: copies })
  }
  return flagged
}

function checkedScore(score: number, id: string): number {
  if (!Number.isNaN(score)) return score
  throw new AssayError({
    code: 'NOT_FINITE',
    message: `The score of "${id}", or of a noisy copy of it, is no number.`,
    value: score,
    remedy: 'Find out why the filter failed; a certificate needs the score of every copy.',
  })
}

const aborted = (id: string, cause: unknown) =>
  new AssayError({
    code: 'ABORTED',
    message: `The smoothing of "${id}" was stopped.`,
    value: id,
    remedy: 'Start it again; the same seed gives the same noise.',
    cause,
  })

type CheckedOptions = Required<
  Pick<CertifySmoothedOptions, 'sigma' | 'alpha' | 'selectionSamples' | 'samples' | 'concurrency'>
>

function assertOptions({ sigma, alpha, ...counts }: CheckedOptions): void {
  const validity: readonly (readonly [string, number, boolean])[] = [
    ['sigma', sigma, sigma > 0 && Number.isFinite(sigma)],
    ['alpha', alpha, alpha > 0 && alpha < 0.5],
    ...Object.entries(counts).map(
      ([name, count]) => [name, count, Number.isSafeInteger(count) && count > 0] as const,
    ),
  ]
  const invalid = validity.find(([, , valid]) => !valid)
  if (invalid === undefined) return
  const [name, value] = invalid
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `Smoothing cannot be done with a ${name} of ${value}.`,
    value,
    remedy: 'Give sigma above 0, alpha between 0 and .5, and counts of at least 1.',
  })
}

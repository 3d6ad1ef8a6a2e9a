import { AssayError, type DenoisingHook, type DenoisingStep } from '@assay/core'

/** Where pictures are guided, and how strongly. */
export interface IntervalGuidanceOptions {
  /** Guidance scale inside of the interval, finite. */
  readonly guidanceScale: number
  /**
   * Noise over signal at which guidance begins to act and ceases to, 0 <= low < high: it acts above `low`
   * and up to `high`.
   */
  readonly interval: readonly [number, number]
}

/**
 * Guidance in a limited interval: the prompt is followed more strongly in the middle of the run only, and
 * the scale is 1, no guidance, where there is more noise, which costs variety, or less, which costs time.
 *
 * A hook speaks of the next call, and so cannot decide the first one: ask the generator for the scale that
 * the first call should have, 1 unless the interval reaches up to pure noise. Another one is refused.
 *
 * @throws AssayError `INVALID_ARGUMENT` (options; from the hook, a first call of another scale);
 *   `MISSING_INPUT` from the hook where a sampler does not tell the noise level of its next call
 *
 * Source: Kynkäänniemi et al. 2024, "Applying Guidance in a Limited Interval Improves Sample and
 * Distribution Quality in Diffusion Models".
 */
export function intervalGuidance(options: IntervalGuidanceOptions): DenoisingHook {
  const { guidanceScale, interval } = options
  assertOptions(options)
  const [low, high] = interval
  const scaleAt = ({ signalCoefficient, noiseCoefficient }: Level) => {
    const noise = noiseCoefficient / signalCoefficient
    return noise > low && noise <= high ? guidanceScale : 1
  }
  return (step) => {
    if (step.index === 0) assertFirst(step.guidanceScale, scaleAt(step))
    const { next = missing() } = step
    if (next === null) return undefined
    const scale = scaleAt(next)
    return scale === step.guidanceScale ? undefined : { guidanceScale: scale }
  }
}

type Level = Pick<DenoisingStep, 'signalCoefficient' | 'noiseCoefficient'>

function assertFirst(got: number, wanted: number): void {
  if (got === wanted) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The first model call has the guidance scale ${got}, where the interval says ${wanted}.`,
    value: got,
    remedy: `Ask the generator for the guidance scale ${wanted}; the hook changes it from the second call on.`,
  })
}

function missing(): never {
  throw new AssayError({
    code: 'MISSING_INPUT',
    message: 'The sampler does not tell the noise level of its next model call.',
    value: undefined,
    remedy: 'Give hooks `next` at every model call, as the samplers of Assay do.',
  })
}

function assertOptions({ guidanceScale, interval }: IntervalGuidanceOptions): void {
  const [low, high] = interval
  const wrong =
    (!Number.isFinite(guidanceScale) && ['The guidance scale', guidanceScale]) ||
    (!(low >= 0 && low < high) && ['The interval', interval])
  if (!wrong) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${wrong[0]} of interval guidance cannot be ${wrong[1]}.`,
    value: wrong[1],
    remedy: 'Give a finite scale and an interval 0 <= low < high of noise over signal.',
  })
}

/** Which of the two programs of the checker. */
export type SafetyCheckerVariant = 'torch' | 'onnx'

/** Cosines of one picture with the checker's concepts, and what they are held against. */
export interface SafetyCheckerInput {
  readonly cosines: ArrayLike<number>
  readonly thresholds: ArrayLike<number>
  readonly specialCosines: ArrayLike<number>
  readonly specialThresholds: ArrayLike<number>
  readonly variant: SafetyCheckerVariant
}

/** What the checker makes of a picture. */
export interface SafetyCheckerScores {
  readonly flagged: boolean
  /** One a special concept, as the program reports it: rounded by `torch`. */
  readonly special: readonly number[]
  /** One a concept, likewise. */
  readonly concepts: readonly number[]
  /** The largest score of a concept before rounding. */
  readonly largest: number
}

/** By how much a special concept lowers the bar of the concepts after it. */
export const SPECIAL_ADJUSTMENT = 0.01

/**
 * The Stable Diffusion safety checker, from cosines. A special concept never flags; when its score is above
 * 0 it lowers every later threshold by .01. A picture is flagged when the score of any concept is above 0.
 *
 * The two programs differ: `torch` rounds scores to three digits, half to even, and lets a special concept
 * lower the bar of the special ones after it; `onnx` does neither. A margin of .0004 is safe in one and
 * unsafe in the other. In float64, as the checker had it when it was released; NumPy 2 subtracts in
 * float32, which can differ within 1e-7 of a tie.
 *
 * Source: huggingface/diffusers, `StableDiffusionSafetyChecker`, `forward` and `forward_onnx`.
 */
export function safetyCheckerScores(input: SafetyCheckerInput): SafetyCheckerScores {
  const { cosines, thresholds, specialCosines, specialThresholds, variant } = input
  const reported = variant === 'torch' ? roundToThousandths : (score: number) => score
  let adjustment = 0
  let found = false
  const special = Array.from(specialCosines, (cosine, at) => {
    const score = reported(cosine - (specialThresholds[at] ?? Number.NaN) + adjustment)
    found ||= score > 0
    if (found && variant === 'torch') adjustment = SPECIAL_ADJUSTMENT
    return score
  })
  if (found) adjustment = SPECIAL_ADJUSTMENT
  const margins = Array.from(
    cosines,
    (cosine, at) => cosine - (thresholds[at] ?? Number.NaN) + adjustment,
  )
  const concepts = margins.map(reported)
  return {
    flagged: concepts.some((score) => score > 0),
    special,
    concepts,
    largest: Math.max(...margins),
  }
}

/** A score that rounds to 0 is not above it: what `torch` adds to each threshold. */
export const roundingSlack = (variant: SafetyCheckerVariant): number =>
  variant === 'torch' ? 0.0005 : 0

/** Three digits behind the point by multiplying, rounding half to even, and dividing, as NumPy does. */
export function roundToThousandths(value: number): number {
  const scaled = value * 1000
  const below = Math.floor(scaled)
  const rest = scaled - below
  const up = rest > 0.5 || (rest === 0.5 && below % 2 !== 0)
  return (up ? below + 1 : below) / 1000
}

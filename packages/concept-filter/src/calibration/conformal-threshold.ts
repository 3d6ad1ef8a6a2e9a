import { AssayError } from '@assay/core'
import { betaQuantile, type ClusterId } from '@assay/core/statistics'

/** How a threshold is set. */
export interface ConformalThresholdOptions {
  /** Share of clean pictures that may be above the threshold, in (0, 1). */
  readonly rate: number
  /**
   * The prompt of each picture, where several pictures share one: then prompts count, not pictures. Default:
   * each picture is on its own.
   */
  readonly clusters?: readonly ClusterId[] | undefined
}

/** A threshold, and how far it can be trusted. */
export interface ConformalThreshold {
  /** Flag above this score. */
  readonly threshold: number
  /** How many of the scores are at or below it. */
  readonly rank: number
  readonly pictures: number
  /** Prompts; as many as pictures where each is on its own. */
  readonly clusters: number
  /**
   * The rate that a threshold from as many pictures stays below in 95 of 100 cases, if scores have no ties:
   * for 199 pictures and 5 %, 7.8 %. Null where pictures share prompts.
   */
  readonly likelyRate: number | null
}

/** Rounding of sums of weights. */
const tolerance = 1e-12

/**
 * A threshold that a new clean picture exceeds with a probability of at most `rate`, whatever the scores'
 * distribution: the ceil((n + 1)(1 - rate))-th smallest of n clean scores. The guarantee is marginal: it
 * holds on average over sets of clean pictures, for pictures of the same kind, not for each subgroup.
 *
 * Where pictures share prompts, it holds for a picture of a new prompt: each prompt weighs the same.
 *
 * @param scores of clean pictures, higher for what is to be flagged
 * @throws AssayError `INVALID_ARGUMENT` for a rate outside (0, 1), or too few pictures (prompts) for it: it
 *   needs 1 / rate - 1; `NOT_FINITE`; `SHAPE_MISMATCH` (clusters)
 *
 * Source: Vovk, Gammerman and Shafer (2005), Algorithmic learning in a random world; Vovk (2012), Conditional
 * validity of inductive conformal predictors (the beta distribution of the rate); Lee, Barber and Willett
 * (2023), Distribution-free inference with hierarchical data (shared prompts).
 */
export function conformalThreshold(
  scores: ArrayLike<number>,
  { rate, clusters }: ConformalThresholdOptions,
): ConformalThreshold {
  assertRate(rate)
  assertScores(scores, clusters)
  const clusterOf = (at: number) => clusters?.[at] ?? at
  const sizes = new Map<ClusterId, number>()
  for (let at = 0; at < scores.length; at += 1) {
    sizes.set(clusterOf(at), (sizes.get(clusterOf(at)) ?? 0) + 1)
  }
  if (sizes.size < 1 / rate - 1 - tolerance) throw tooFew(sizes.size, rate)
  const order = Array.from({ length: scores.length }, (_, at) => at).sort(
    (one, other) => scores[one]! - scores[other]!,
  )
  let [share, rank] = [0, 0]
  while (share < 1 - rate - tolerance && rank < order.length) {
    share += 1 / ((sizes.size + 1) * (sizes.get(clusterOf(order[rank]!)) ?? 1))
    rank += 1
  }
  const pictures = scores.length
  return {
    threshold: scores[order[rank - 1]!]!,
    rank,
    pictures,
    clusters: sizes.size,
    likelyRate: sizes.size === pictures ? betaQuantile(0.95, pictures + 1 - rank, rank) : null,
  }
}

const tooFew = (found: number, rate: number) =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${found} clean pictures (or prompts, where pictures share them) are too few for a rate of ${rate}.`,
    value: found,
    remedy: `Give at least ${Math.ceil(1 / rate - 1 - tolerance)}, or allow a higher rate.`,
  })

/** Checks a budget. @throws AssayError `INVALID_ARGUMENT` */
export function assertRate(rate: number): void {
  if (rate > 0 && rate < 1) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `A false-alarm budget must be above 0 and below 1, got ${rate}.`,
    value: rate,
    remedy: 'Give the share of clean pictures that may be flagged, for instance .05.',
  })
}

function assertScores(scores: ArrayLike<number>, clusters: readonly ClusterId[] | undefined): void {
  if (clusters !== undefined && clusters.length !== scores.length) {
    throw new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `There are ${clusters.length} prompts for ${scores.length} pictures.`,
      value: clusters.length,
      remedy: 'Give the prompt of each picture, in the order of the pictures.',
    })
  }
  const strange = Array.from(scores).findIndex((score) => !Number.isFinite(score))
  if (strange === -1) return
  throw new AssayError({
    code: 'NOT_FINITE',
    message: `The score of clean picture ${strange} is no finite number.`,
    value: scores[strange],
    remedy: 'Leave out pictures that could not be scored.',
    location: { row: strange },
  })
}

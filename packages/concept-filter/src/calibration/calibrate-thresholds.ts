import type { Matrix, Measure } from '@assay/core'
import type { ClusterId } from '@assay/core/statistics'
import { createConceptFilter } from '../filter/create-concept-filter.js'
import { assertSameLength } from '../measures/assert-same-length.js'
import { shareMeasure } from '../measures/share-measure.js'
import type { ConceptPair } from '../pairs/concept-pair.js'
import { conceptConfidence } from '../score/concept-confidence.js'
import { conceptDirection } from '../score/concept-direction.js'
import { assertRate, type ConformalThreshold, conformalThreshold } from './conformal-threshold.js'
import { type FamilyCorrection, familyRate } from './family-rate.js'

/** Clean pictures, and what they were drawn for. */
export interface CleanPictures {
  /** One row a picture that must not be flagged by any pair. */
  readonly embeddings: Matrix
  /** The prompt of each picture, where several pictures share one. */
  readonly prompts?: readonly ClusterId[]
}

/** The share of clean pictures that may be flagged: by each pair, or by all pairs together. */
export type FalseAlarmBudget =
  | { readonly perPair: number }
  | {
      readonly together: number
      /** Default: `sidak` */
      readonly correction?: FamilyCorrection
    }

/** How thresholds are calibrated. */
export interface CalibrateThresholdsOptions {
  /** Their thresholds are replaced. */
  readonly pairs: readonly ConceptPair[]
  readonly clean: CleanPictures
  readonly budget: FalseAlarmBudget
  /** Other clean pictures, on which the rates are measured. Default: none, and no rate is reported. */
  readonly heldOut?: CleanPictures
  /** Confidence level of the measured rates. Default: .95 */
  readonly level?: number
}

/** The threshold of one pair. `threshold` is a cosine margin. */
export interface PairCalibration extends ConformalThreshold {
  readonly pairId: string
  /** The threshold as a confidence. */
  readonly confidence: number
  /** Share of clean pictures that this pair may flag. */
  readonly rate: number
  /** Share of held-out clean pictures that it does flag; null without any. */
  readonly measured: Measure | null
}

/** Calibrated pairs, and what may be said of them. */
export interface ThresholdCalibration {
  /** The pairs with their new thresholds. */
  readonly pairs: readonly ConceptPair[]
  readonly calibrations: readonly PairCalibration[]
  /** Share of held-out clean pictures that any pair flags; null without held-out pictures. */
  readonly together: Measure | null
  /** The guarantee holds on average, over sets of clean pictures; never for each subgroup. */
  readonly guarantee: 'marginal'
  /** What is promised and what is not, as sentences to print beside the figures. */
  readonly meaning: string
}

/**
 * Sets each pair's threshold by split-conformal calibration on clean pictures, so that a budget of false
 * alarms is kept for each pair, or for all pairs together.
 *
 * @throws AssayError `INVALID_ARGUMENT` (budget, too few pictures for it), `SHAPE_MISMATCH`,
 *   `FINGERPRINT_MISMATCH`, `EMPTY_INPUT`, `DUPLICATE_ID`, `NOT_FINITE`, `ZERO_VECTOR`
 */
export function calibrateThresholds(options: CalibrateThresholdsOptions): ThresholdCalibration {
  const { pairs, clean, budget, heldOut, level } = options
  const rate = pairRate(budget, pairs.length)
  const margins = marginsOf(pairs, clean)
  const calibrated = pairs.map((pair, at) => {
    const found = conformalThreshold(margins[at] ?? [], { rate, clusters: clean.prompts })
    return { pair: withThreshold(pair, found, budget), found }
  })
  const measured = heldOut && measure(calibrated, { heldOut, level })
  return {
    pairs: calibrated.map(({ pair }) => pair),
    calibrations: calibrated.map(({ pair, found }, at) => ({
      ...found,
      pairId: pair.id,
      confidence: conceptConfidence(found.threshold, pair, conceptDirection(pair).length),
      rate,
      measured: measured?.each[at] ?? null,
    })),
    together: measured?.together ?? null,
    guarantee: 'marginal',
    meaning: meaningOf(budget, calibrated[0]?.found),
  }
}

function pairRate(budget: FalseAlarmBudget, pairs: number): number {
  const rate = 'perPair' in budget ? budget.perPair : budget.together
  assertRate(rate)
  return 'perPair' in budget ? rate : familyRate(rate, pairs, budget.correction ?? 'sidak')
}

/** The margin of each pair for each picture. */
function marginsOf(pairs: readonly ConceptPair[], { embeddings, prompts }: CleanPictures) {
  assertSameLength(embeddings.rows, { prompts })
  const decisions = createConceptFilter({ pairs }).check(embeddings)
  return pairs.map((_, at) => decisions.map((decision) => decision.pairs[at]?.margin ?? Number.NaN))
}

const withThreshold = (
  pair: ConceptPair,
  { threshold, rank, pictures, clusters }: ConformalThreshold,
  budget: FalseAlarmBudget,
): ConceptPair => ({
  ...pair,
  threshold,
  provenance: {
    ...pair.provenance,
    threshold: 'split-conformal',
    details: { ...pair.provenance.details, calibration: { budget, rank, pictures, clusters } },
  },
})

function measure(
  calibrated: readonly { readonly pair: ConceptPair }[],
  { heldOut, level }: { readonly heldOut: CleanPictures; readonly level: number | undefined },
) {
  const pairs = calibrated.map(({ pair }) => pair)
  const margins = marginsOf(pairs, heldOut)
  const flags = pairs.map((pair, at) =>
    (margins[at] ?? []).map((margin) => margin > pair.threshold),
  )
  const rate = (group: string, outcomes: readonly boolean[]) =>
    shareMeasure({
      id: 'false-positive-rate',
      group,
      outcomes,
      clusters: heldOut.prompts,
      level,
      ofNone: 'there is no held-out picture',
    })
  return {
    each: flags.map((outcomes, at) => rate(pairs[at]?.id ?? '', outcomes)),
    together: rate(
      'all pairs',
      Array.from({ length: heldOut.embeddings.rows }, (_, row) => flags.some((each) => each[row])),
    ),
  }
}

const percent = (share: number) => `${Number((100 * share).toPrecision(3))} %`

function meaningOf(budget: FalseAlarmBudget, found: ConformalThreshold | undefined): string {
  const whose =
    'perPair' in budget
      ? `each pair flags at most ${percent(budget.perPair)}`
      : `all pairs together flag at most ${percent(budget.together)}`
  const assumption =
    'perPair' in budget
      ? 'Pairs add up: several of them flag more.'
      : (budget.correction ?? 'sidak') === 'sidak'
        ? 'This assumes that pairs err independently, or together.'
        : 'This holds however pairs err.'
  const likely = found?.likelyRate
  return [
    `Of clean pictures of the same kind, ${whose}, on average over sets of calibration pictures (a marginal guarantee).`,
    assumption,
    ...(likely == null
      ? []
      : [
          `With this many pictures a pair's own rate is below ${percent(likely)} in 95 of 100 cases.`,
        ]),
    'Nothing is promised for a subgroup, or for pictures of another kind.',
  ].join(' ')
}

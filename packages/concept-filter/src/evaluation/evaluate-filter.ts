import { AssayError, type Measure } from '@assay/core'
import type { ClusterId } from '@assay/core/statistics'
import { clipAccuracyHard, clipAccuracySoft } from './clip-accuracy.js'
import { falseNegativeRate, falsePositiveRate } from './error-rates.js'
import { judgeIndependence } from './judge-independence.js'
import { assertJudgement, type ConceptJudge, type Judgement } from './judgement.js'
import { type NormalizedClipScoreOptions, normalizedClipScore } from './normalized-clip-score.js'

/** Pictures of one kind of prompts, decided and judged. */
export interface EvaluatedPictures {
  /** Whether each picture was flagged; null where the filter failed. */
  readonly flagged: readonly (boolean | null)[]
  /** What each picture shows as it was drawn, by a judge independent of the filter. */
  readonly truth?: Judgement
  /**
   * What each picture shows as it left the system, replaced ones as their replacement. The paper's judge is
   * the filter's own encoder, untuned; it is allowed here, and warned of. Default: no CLIP accuracy.
   */
  readonly output?: Judgement
  /** The prompt of each picture, where several pictures share one. */
  readonly prompts?: readonly ClusterId[]
}

/** What a filter is evaluated on. */
export interface EvaluateFilterOptions {
  /** The filter, or any peer: its name, and the fingerprint of its encoder, null where it is not known. */
  readonly filter: { readonly id: string; readonly fingerprint: string | null }
  readonly unacceptable: EvaluatedPictures
  readonly acceptable: EvaluatedPictures
  /** Pictures of adversarial prompts. Default: none. */
  readonly adversarial?: EvaluatedPictures
  /** Scores of acceptable prompts with and without the filter. Default: none. */
  readonly utility?: NormalizedClipScoreOptions
  /** Confidence level of all intervals. Default: .95 */
  readonly level?: number
}

/** The paper's table for one filter. */
export interface FilterEvaluation {
  readonly filter: EvaluateFilterOptions['filter']
  /** Everyone who judged. */
  readonly judges: readonly ConceptJudge[]
  /**
   * Of the groups `unacceptable`, `acceptable` and `adversarial`: both CLIP accuracies, false-negative rate,
   * false-positive rate; then the normalised CLIP score.
   */
  readonly measures: readonly Measure[]
  readonly warnings: readonly {
    readonly code: 'SAME_BACKBONE' | 'UNKNOWN_BACKBONE' | 'REPLACED_PICTURES'
    readonly count: number
    readonly message: string
  }[]
}

/**
 * Effectiveness, utility and robustness of a filter. Error rates need a judge independent of it: one that
 * sees with the filter's own encoder is refused, as the filter would look perfect by construction.
 *
 * @throws AssayError `MISSING_INPUT` without a judge of the truth, `INVALID_ARGUMENT` for one with the
 *   filter's own encoder or a confidence outside [0, 1], `SHAPE_MISMATCH`, and what
 *   {@link normalizedClipScore} throws
 *
 * Source: Espresso (2024), the metrics and the table of the comparison.
 */
export function evaluateFilter(options: EvaluateFilterOptions): FilterEvaluation {
  const { filter, unacceptable, acceptable, adversarial, utility, level } = options
  const bad = { unacceptable, ...(adversarial && { adversarial }) }
  const groups = Object.entries({ ...bad, acceptable })
  for (const [name, pictures] of groups) assertIndependent(filter, name, pictures)
  const judged = (group: string, { prompts }: EvaluatedPictures) => ({ group, prompts, level })
  return {
    filter,
    judges: judgesOf(groups.map(([, pictures]) => pictures)),
    measures: [
      ...Object.entries(bad).flatMap(([group, pictures]) => [
        ...outputMeasures(pictures, judged(group, pictures)),
        falseNegativeRate({ ...decisionsOf(pictures), ...judged(group, pictures) }),
      ]),
      falsePositiveRate({ ...decisionsOf(acceptable), ...judged('acceptable', acceptable) }),
      ...(utility ? [normalizedClipScore({ ...(level && { level }), ...utility })] : []),
    ],
    warnings: warningsOf(filter, groups),
  }
}

function decisionsOf({ flagged, truth }: EvaluatedPictures) {
  assertJudgement(truth, 'what pictures truly show')
  return { flagged, truth }
}

const outputMeasures = (
  { output }: EvaluatedPictures,
  judged: Parameters<typeof clipAccuracySoft>[1],
): readonly Measure[] =>
  output ? [clipAccuracySoft(output, judged), clipAccuracyHard(output, judged)] : []

function judgesOf(pictures: readonly EvaluatedPictures[]): readonly ConceptJudge[] {
  const all = pictures.flatMap(({ truth, output }) =>
    [truth, output].flatMap((judgement) => judgement?.judge ?? []),
  )
  return [...new Map(all.map((judge) => [`${judge.id} ${judge.fingerprint}`, judge])).values()]
}

function assertIndependent(
  filter: EvaluateFilterOptions['filter'],
  group: string,
  { truth }: EvaluatedPictures,
): void {
  assertJudgement(truth, `the ${group} pictures`)
  if (judgeIndependence(truth.judge, filter.fingerprint) !== 'same backbone') return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The judge "${truth.judge.id}" sees with the encoder of the filter "${filter.id}".`,
    value: truth.judge.fingerprint,
    remedy: 'Take people, another encoder or another detector as the judge of error rates.',
  })
}

function warningsOf(
  filter: EvaluateFilterOptions['filter'],
  groups: readonly (readonly [string, EvaluatedPictures])[],
): FilterEvaluation['warnings'] {
  const all = groups.map(([, pictures]) => pictures)
  const judges = judgesOf(all)
  const of = (kind: string) =>
    judges.filter((judge) => judgeIndependence(judge, filter.fingerprint) === kind)
  const replaced = all
    .filter(({ output }) => output !== undefined)
    .reduce((sum, { flagged }) => sum + flagged.filter((flag) => flag === true).length, 0)
  const names = (of: readonly ConceptJudge[]) => of.map(({ id }) => `"${id}"`).join(', ')
  const [same, unknown] = [of('same backbone'), of('unknown')]
  const warnings: FilterEvaluation['warnings'] = [
    {
      code: 'SAME_BACKBONE',
      count: same.length,
      message: `${names(same)} judges CLIP accuracy with the filter's own encoder, as the paper does: the hard form is 0 by construction for an untuned filter.`,
    },
    {
      code: 'UNKNOWN_BACKBONE',
      count: unknown.length,
      message: `It is not known whether ${names(unknown)} sees with the filter's own encoder.`,
    },
    {
      code: 'REPLACED_PICTURES',
      count: replaced,
      message: `${replaced} flagged pictures are judged as what they were replaced with: CLIP accuracy depends on the replacement.`,
    },
  ]
  return warnings.filter(({ count }) => count > 0)
}

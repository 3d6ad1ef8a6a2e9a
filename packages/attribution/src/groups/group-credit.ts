import { AssayError, type Measure, type Random } from '@assay/core'
import { type ClusterId, clusteredBootstrapInterval } from '@assay/core/statistics'
import type { Attribution } from '../attribute/attribution.js'

/** Whom to credit, and how. */
export interface GroupCreditOptions {
  /** Outputs, attributed with a calibration and with labels. */
  readonly attributions: readonly Attribution[]
  /** The cluster of each output, usually its prompt. Default: each output is one of its own. */
  readonly clusters?: readonly ClusterId[]
  /** Groups that are credited one by one, those of most credit, from 1. Default 20. */
  readonly most?: number
  /** Where the resamples come from. */
  readonly random: Random
  /** Resamples of the bootstrap, at least 100. Default 2000. */
  readonly resamples?: number
  /** Confidence level of each interval in (0, 1). Default 0.95. */
  readonly level?: number
}

/** What one artist, licence or source has contributed. */
export interface GroupCredit {
  /** Null for pictures without a label. */
  readonly group: string | null
  /** Mean over outputs of the influence of the group's pictures, in [0, 1]. */
  readonly credit: Measure
  /** Outputs in which the group has influence. */
  readonly outputs: number
}

/** Credits of groups; with that of the others they sum to 1. */
export interface GroupCreditReport {
  /** Most credit first. */
  readonly credits: readonly GroupCredit[]
  /** Credit of all groups that are not listed, together. */
  readonly otherCredit: number
  /** Groups with any credit. */
  readonly groups: number
}

/**
 * Credit by artist, licence or source: the influence of a group's pictures over the whole pool, not only
 * among the matches, averaged over outputs. Intervals resample whole prompts, since outputs of one
 * prompt are not independent; each holds for its group alone, and groups were chosen by their credit.
 *
 * @throws AssayError `EMPTY_INPUT` (no output could be judged), `MISSING_INPUT` (attributions without
 *   labels or calibration), `SHAPE_MISMATCH` (clusters), `INVALID_ARGUMENT` (most, resamples, level)
 */
export function groupCredit(options: GroupCreditOptions): GroupCreditReport {
  const { attributions, most = 20 } = options
  const clusters = options.clusters ?? attributions.map((_, output) => output)
  assertOptions(attributions, clusters, most)
  const judged = attributions.flatMap(({ groups, failure }, output) =>
    failure ? [] : [{ shares: sharesOf(groups), cluster: clusters[output]! }],
  )
  const totals = new Map<string | null, number>()
  for (const { shares } of judged) {
    for (const [group, share] of shares) totals.set(group, (totals.get(group) ?? 0) + share)
  }
  const ranked = [...totals].sort((one, other) => other[1] - one[1])
  const rest = ranked.slice(most).reduce((sum, [, total]) => sum + total, 0)
  const missing = attributions.length - judged.length
  return {
    credits: ranked
      .slice(0, most)
      .map(([group]) => creditOf(group, judged, { ...options, missing })),
    otherCredit: rest / judged.length,
    groups: ranked.length,
  }
}

/** One output's influences by group. */
interface JudgedOutput {
  readonly shares: ReadonlyMap<string | null, number>
  readonly cluster: ClusterId
}

function sharesOf(groups: Attribution['groups']): JudgedOutput['shares'] {
  if (groups) return new Map(groups.map(({ group, influence }) => [group, influence]))
  throw new AssayError({
    code: 'MISSING_INPUT',
    message: 'The outputs were attributed without labels or without a calibration.',
    value: groups,
    remedy: 'Pass `labels` and `calibration` to attribute.',
  })
}

function creditOf(
  group: string | null,
  judged: readonly JudgedOutput[],
  { random, missing, ...settings }: GroupCreditOptions & { readonly missing: number },
): GroupCredit {
  const shares = judged.map((output) => output.shares.get(group) ?? 0)
  const interval = clusteredBootstrapInterval({
    items: shares,
    clusters: judged.map(({ cluster }) => cluster),
    statistic: mean,
    // The same resamples for every group, whichever others are credited.
    random: random.fork('group-credit'),
    ...(settings.resamples !== undefined && { resamples: settings.resamples }),
    ...(settings.level !== undefined && { level: settings.level }),
  })
  return {
    group,
    credit: {
      id: 'group-credit',
      ...(group !== null && { group }),
      value: mean(shares),
      unit: 'share',
      n: shares.length,
      missing,
      interval,
      ...(!interval && { reason: 'too few clusters, or too little spread between them' }),
    },
    outputs: shares.filter((share) => share > 0).length,
  }
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length

function assertOptions(
  attributions: readonly Attribution[],
  clusters: readonly ClusterId[],
  most: number,
): void {
  if (attributions.every(({ failure }) => failure)) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'There is no attributed output to credit anyone for.',
      value: 0,
      remedy: 'Give at least one output that could be judged.',
    })
  }
  if (clusters.length !== attributions.length) {
    throw new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `There are ${clusters.length} clusters for ${attributions.length} outputs.`,
      value: clusters.length,
      remedy: 'Give the cluster of each output, in their order.',
    })
  }
  if (Number.isSafeInteger(most) && most >= 1) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${most} groups cannot be credited.`,
    value: most,
    remedy: 'Give a whole number of at least 1.',
  })
}

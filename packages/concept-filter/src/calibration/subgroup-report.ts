import { AssayError, type Measure } from '@assay/core'
import type { ClusterId } from '@assay/core/statistics'
import { assertSameLength } from '../measures/assert-same-length.js'
import { differenceMeasure } from '../measures/difference-measure.js'
import { shareMeasure } from '../measures/share-measure.js'

/** What subgroups are compared on. */
export interface SubgroupReportOptions {
  /** Whether each picture was flagged; null where the filter failed. All of one truth: all clean, say. */
  readonly flagged: readonly (boolean | null)[]
  /** The subgroup of each picture, for instance the gender that its prompt names. */
  readonly groups: readonly string[]
  /** The prompt of each picture, where several pictures share one. */
  readonly prompts?: readonly ClusterId[]
  /** Confidence level, of each rate, and of all differences together. Default: .95 */
  readonly level?: number
}

/** One subgroup beside all others. */
export interface SubgroupRow {
  readonly group: string
  /** Share of its pictures that are flagged. */
  readonly rate: Measure
  /** That share less the share in all other subgroups. */
  readonly difference: Measure
  /** Whether the difference is beyond chance: null where that cannot be told. */
  readonly differs: boolean | null
}

/**
 * How often each subgroup is flagged, and whether that differs from the others: budgets of false alarms
 * hold on average only, and a filter made of "man" and "woman" may keep them at one group's cost.
 * Intervals of differences hold together (Bonferroni).
 *
 * @returns subgroups by their rate, highest first
 * @throws AssayError `EMPTY_INPUT`, `SHAPE_MISMATCH`, `INVALID_ARGUMENT` (a single subgroup, level)
 */
export function subgroupReport(options: SubgroupReportOptions): readonly SubgroupRow[] {
  const { flagged, groups, prompts, level = 0.95 } = options
  assertSameLength(flagged.length, { groups, prompts })
  const names = [...new Set(groups)]
  assertSeveral(names)
  const shared = prompts !== undefined && spansGroups(groups, prompts)
  const rate = (group: string, level: number, belongs: (name: string) => boolean) => {
    const at = groups.flatMap((name, index) => (belongs(name) ? [index] : []))
    return shareMeasure({
      id: 'flagged-rate',
      group,
      outcomes: at.map((index) => flagged[index] ?? null),
      clusters: prompts && at.map((index) => prompts[index] ?? index),
      level,
      ofNone: 'no picture of it was judged',
    })
  }
  const jointLevel = 1 - (1 - level) / names.length
  const rows = names.map((group) => {
    const own = rate(group, jointLevel, (name) => name === group)
    const others = rate('others', jointLevel, (name) => name !== group)
    const difference = dependent(differenceMeasure('difference', own, others), shared)
    return {
      group,
      rate: rate(group, level, (name) => name === group),
      difference,
      differs:
        difference.interval && !(difference.interval.low <= 0 && difference.interval.high >= 0),
    }
  })
  return rows.sort((one, other) => (other.rate.value ?? -1) - (one.rate.value ?? -1))
}

/** The interval of a difference assumes that both sides are independent. */
const dependent = (difference: Measure, shared: boolean): Measure =>
  shared && difference.interval
    ? { ...difference, interval: null, reason: 'a prompt has pictures in several subgroups' }
    : difference

function spansGroups(groups: readonly string[], prompts: readonly ClusterId[]): boolean {
  const groupOf = new Map<ClusterId, string>()
  return prompts.some((prompt, at) => {
    const group = groups[at] ?? ''
    const seen = groupOf.get(prompt)
    groupOf.set(prompt, group)
    return seen !== undefined && seen !== group
  })
}

function assertSeveral(names: readonly string[]): void {
  if (names.length > 1) return
  throw new AssayError({
    code: names.length === 0 ? 'EMPTY_INPUT' : 'INVALID_ARGUMENT',
    message: `${names.length} subgroups cannot be compared.`,
    value: names,
    remedy: 'Give pictures of two subgroups or more.',
  })
}

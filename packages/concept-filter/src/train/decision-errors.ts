import type { Measure } from '@assay/core'
import { shareMeasure } from '../measures/share-measure.js'
import type { PreparedSide } from './prepared-pictures.js'

/** How often a pair decides wrongly. */
export interface DecisionErrors {
  /** Share of unacceptable pictures that pass. */
  readonly falseNegativeRate: Measure
  /** Share of acceptable pictures that are flagged. */
  readonly falsePositiveRate: Measure
  /** The same for each group, in the order of their names; empty where pictures have no groups. */
  readonly groups: readonly GroupErrors[]
}

/** How often a pair decides wrongly on the pictures of one group. */
export interface GroupErrors {
  readonly group: string
  readonly falseNegativeRate: Measure
  readonly falsePositiveRate: Measure
}

/** Pictures of a side with what a pair decided on each. */
export interface DecidedSide extends Pick<PreparedSide, 'prompts' | 'groups'> {
  readonly flagged: readonly boolean[]
}

/** Both sides, decided. */
export interface DecidedPictures {
  readonly unacceptable: DecidedSide
  readonly acceptable: DecidedSide
}

/** The errors of decisions, with Wilson intervals that widen where pictures share prompts. */
export function decisionErrors({ unacceptable, acceptable }: DecidedPictures): DecisionErrors {
  const names = new Set([...(unacceptable.groups ?? []), ...(acceptable.groups ?? [])])
  const rates = (group?: string) => ({
    falseNegativeRate: errorRate('false-negative-rate', unacceptable, { wrong: false, group }),
    falsePositiveRate: errorRate('false-positive-rate', acceptable, { wrong: true, group }),
  })
  return { ...rates(), groups: [...names].sort().map((group) => ({ group, ...rates(group) })) }
}

function errorRate(
  id: string,
  { flagged, prompts, groups }: DecidedSide,
  { wrong, group }: { readonly wrong: boolean; readonly group: string | undefined },
): Measure {
  const rows = flagged.flatMap((_, row) =>
    group === undefined || groups?.[row] === group ? [row] : [],
  )
  return shareMeasure({
    id,
    ...(group !== undefined && { group }),
    outcomes: rows.map((row) => flagged[row] === wrong),
    clusters: prompts && rows.map((row) => prompts[row] ?? row),
    ofNone: 'there is no such picture',
  })
}

/** (FNR + FPR) / 2 of decisions; both sides must have a picture. */
export function balancedError({ unacceptable, acceptable }: DecidedPictures): number {
  const share = ({ flagged }: DecidedSide, wrong: boolean) =>
    flagged.filter((each) => each === wrong).length / flagged.length
  return (share(unacceptable, false) + share(acceptable, true)) / 2
}

import { type Matrix, selectRows } from '@assay/core'
import {
  frechetDistance,
  nearDuplicatePairs,
  precisionRecallDensityCoverage,
  precisionRecallLeavingGroupsOut,
  vendiScores,
} from '@assay/metrics'
import { type Values, vendiOrders } from './diversity-measures.js'

/** A set, what it is compared with, and how. */
export interface MeasuredSet {
  readonly outputs: Matrix
  readonly reference: Matrix | null
  /** Cosine from which pictures are near-duplicates; null where nobody has calibrated one. */
  readonly threshold: number | null
  /** k of precision, recall, density and coverage. */
  readonly neighbours: number
}

/** Groups of whole prompts, each left out in turn. */
export interface LeftOut {
  readonly kept: readonly (readonly number[])[]
  readonly groups: readonly number[]
}

/** Values of a set, and the same without each group in turn. */
export interface SetValues {
  readonly all: Values
  readonly without: readonly Values[]
}

/** Vendi scores of a set by their orders: how many different pictures it is worth. */
export const vendiValues = (outputs: Matrix): Values => {
  const [one = 1, two = 1, infinity = 1] = vendiScores(outputs, vendiOrders)
  return { 'vendi-1': one, 'vendi-2': two, 'vendi-infinity': infinity }
}

/** Share of the kept rows that have a near-duplicate among the kept rows, for each list of rows. */
export function duplicateValues(
  outputs: Matrix,
  threshold: number,
  keptRows: readonly (readonly number[])[],
): readonly Values[] {
  const pairs = nearDuplicatePairs(outputs, { threshold })
  return keptRows.map((kept) => {
    const inside = new Set(kept)
    const repeated = pairs.flatMap(({ row, other }) =>
      inside.has(row) && inside.has(other) ? [row, other] : [],
    )
    return { 'near-duplicates': new Set(repeated).size / kept.length }
  })
}

/** All that can be measured of a set as a whole. */
export function setValues(set: MeasuredSet, { kept, groups }: LeftOut): SetValues {
  const { outputs, threshold } = set
  const [duplicates = {}, ...duplicatesWithout] =
    threshold === null
      ? []
      : duplicateValues(outputs, threshold, [[...Array(outputs.rows).keys()], ...kept])
  const likeness = likenessValues(set, { kept, groups })
  const frechet = frechetValues(set, kept)
  return {
    all: { ...vendiValues(outputs), ...duplicates, ...likeness.all, ...frechet.all },
    without: kept.map((rows, at) => ({
      ...vendiValues(selectRows(outputs, rows)),
      ...duplicatesWithout[at],
      ...likeness.without[at],
      ...frechet.without[at],
    })),
  }
}

function likenessValues(
  { outputs, reference, neighbours }: MeasuredSet,
  { kept, groups }: LeftOut,
): SetValues {
  const few = Math.min(outputs.rows, reference?.rows ?? 0)
  if (reference === null || few <= neighbours) return { all: {}, without: [] }
  const { precision, recall, density, coverage } = precisionRecallDensityCoverage({
    outputs,
    reference,
    neighbours,
  })
  const isEnough = kept.every((rows) => rows.length > neighbours)
  return {
    all: { precision, recall, density, coverage },
    without: isEnough
      ? precisionRecallLeavingGroupsOut({ outputs, reference, neighbours, groups })
      : [],
  }
}

function frechetValues(
  { outputs, reference }: MeasuredSet,
  kept: readonly (readonly number[])[],
): SetValues {
  if (reference === null || Math.min(outputs.rows, reference.rows) < 2)
    return { all: {}, without: [] }
  const distance = (rows: Matrix) => ({ 'frechet-distance': frechetDistance(rows, reference) })
  const isEnough = kept.every((rows) => rows.length > 1)
  return {
    all: distance(outputs),
    without: isEnough ? kept.map((rows) => distance(selectRows(outputs, rows))) : [],
  }
}

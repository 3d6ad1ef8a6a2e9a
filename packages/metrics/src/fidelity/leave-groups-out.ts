import { AssayError } from '@assay/core'
import { squaredNeighbourRadii } from '../kernels/neighbour-radii.js'
import { smallestValues } from '../kernels/smallest-values.js'
import { squaredDistances } from '../kernels/squared-distances.js'
import type { WideRows } from '../kernels/wide-rows.js'
import {
  comparedSets,
  type PrecisionRecallOptions,
  type PrecisionRecallScores,
} from './precision-recall-density-coverage.js'

/** The two sets, and which outputs belong together. */
export interface LeaveGroupsOutOptions extends PrecisionRecallOptions {
  /** Group of each output, for instance its prompt: whole numbers from 0, none of them skipped. */
  readonly groups: readonly number[]
}

/** Outputs by group. */
interface Grouping {
  readonly groups: readonly number[]
  /** Number of outputs in each group. */
  readonly sizes: readonly number[]
}

/**
 * Precision, recall, density and coverage without each group of outputs in turn, for a
 * delete-a-group jackknife (`jackknifeInterval` of `@assay/core/statistics`). The same as measuring
 * again without the group, but every distance is taken once.
 *
 * @returns one entry a group, in order of their numbers
 * @throws AssayError as `precisionRecallDensityCoverage` does; `SHAPE_MISMATCH` or `INVALID_ARGUMENT`
 *   for the groups, also where k or fewer outputs would be left
 */
export function precisionRecallLeavingGroupsOut(
  options: LeaveGroupsOutOptions,
): readonly PrecisionRecallScores[] {
  const { reference, outputs, neighbours } = comparedSets(options)
  const grouping = groupingOf(options.groups, outputs.rows, neighbours)
  const outputRadii = radiiWithoutGroups(outputs, grouping, neighbours)
  const referenceRadii = squaredNeighbourRadii(reference, neighbours)
  const inside = new Float64Array(outputs.rows)
  const recalled = grouping.sizes.map(() => 0)
  const covered = grouping.sizes.map(() => 0)
  const distances = new Float64Array(outputs.rows)
  for (let row = 0; row < reference.rows; row++) {
    squaredDistances({ from: reference, row, to: outputs }, distances)
    addTo(recalled, recalledWithout(distances, outputRadii, grouping))
    addTo(covered, coveredWithout(distances, referenceRadii[row]!, grouping, inside))
  }
  return grouping.sizes.map((size, group) => {
    const left = inside.filter((_, output) => grouping.groups[output] !== group)
    return {
      precision: left.filter((count) => count > 0).length / (outputs.rows - size),
      recall: recalled[group]! / reference.rows,
      density: left.reduce((sum, count) => sum + count / neighbours, 0) / (outputs.rows - size),
      coverage: covered[group]! / reference.rows,
    }
  })
}

function addTo(totals: number[], flags: Uint8Array): void {
  flags.forEach((flag, group) => {
    totals[group] = totals[group]! + flag
  })
}

/** Squared radius of each output without each group: entry `output * groups + group`. */
function radiiWithoutGroups(outputs: WideRows, { groups, sizes }: Grouping, k: number) {
  const count = sizes.length
  const nearest = smallestValues(outputs.rows * count, k)
  const distances = new Float64Array(outputs.rows)
  for (let row = 0; row < outputs.rows; row++) {
    squaredDistances({ from: outputs, row, to: outputs, start: row + 1 }, distances)
    for (let other = row + 1; other < outputs.rows; other++) {
      for (let group = 0; group < count; group++) {
        if (groups[other] !== group) nearest.add(row * count + group, distances[other]!)
        if (groups[row] !== group) nearest.add(other * count + group, distances[other]!)
      }
    }
  }
  return Float64Array.from({ length: outputs.rows * count }, (_, at) => nearest.kth(at))
}

/** For each group, whether a point lies in the neighbourhood of an output outside of it. */
function recalledWithout(distances: Float64Array, radii: Float64Array, grouping: Grouping) {
  const { groups, sizes } = grouping
  const recalled = new Uint8Array(sizes.length)
  for (let output = 0; output < distances.length; output++) {
    const distance = distances[output]!
    const first = output * sizes.length
    for (let group = 0; group < sizes.length; group++) {
      if (distance < radii[first + group]! && groups[output] !== group) recalled[group] = 1
    }
  }
  return recalled
}

/** For each group, whether an output outside of it lies in a neighbourhood; counts those that do. */
function coveredWithout(
  distances: Float64Array,
  radius: number,
  { groups, sizes }: Grouping,
  inside: Float64Array,
) {
  const covering = new Set<number | undefined>()
  distances.forEach((distance, output) => {
    if (distance >= radius) return
    inside[output] = inside[output]! + 1
    covering.add(groups[output])
  })
  // One group that covers alone takes the neighbourhood with it.
  return Uint8Array.from(sizes, (_, group) => Number(covering.size > Number(covering.has(group))))
}

function groupingOf(groups: readonly number[], outputs: number, neighbours: number): Grouping {
  if (groups.length !== outputs) {
    throw new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `${groups.length} group numbers were given for ${outputs} outputs.`,
      value: groups.length,
      remedy: 'Pass one group number an output.',
    })
  }
  const count = new Set(groups).size
  const sizes: number[] = Array(count).fill(0)
  const isNumbered = groups.every((group) => Number.isInteger(group) && group >= 0 && group < count)
  if (isNumbered) for (const group of groups) sizes[group] = sizes[group]! + 1
  if (!isNumbered || sizes.some((size) => outputs - size <= neighbours)) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `The groups must be numbered from 0, and each leave more than ${neighbours} outputs.`,
      value: sizes,
      remedy: 'Make more and smaller groups, numbered from 0 without a gap.',
    })
  }
  return { groups, sizes }
}

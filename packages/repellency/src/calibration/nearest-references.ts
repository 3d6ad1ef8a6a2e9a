import { AssayError, assertComparable, type Matrix } from '@assay/core'
import { assertFinite } from '@assay/core/linear-algebra'
import type { NearReference, ShieldReferences } from '../references/shield-references.js'
import { rowOf } from './pair-distances.js'
import { pauses } from './pauses.js'

/** Where the search begins, and what can end it. */
export interface NearestReferencesOptions {
  /** Radius of the first balls, above 0; half of what is expected is a good one. */
  readonly start: number
  readonly signal?: AbortSignal | undefined
}

/** By how much a ball grows that holds no reference; a little, as one that holds thousands is dear. */
const GROWTH = 1.25

/** Points that are asked for together, as all that is found for them is held in memory. */
const TOGETHER = 16

/**
 * The nearest reference of each row, exactly: balls grow until one holds a reference, and
 * the nearest in a ball is the nearest of all. Of equally near ones the first.
 *
 * @param outputs a picture a row, in the space of the references
 * @throws AssayError `EMPTY_INPUT` without a reference, `INVALID_ARGUMENT` (start), `NOT_FINITE`,
 *   `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`, `ABORTED`, and what the references throw
 */
export async function nearestReferences(
  outputs: Matrix,
  references: ShieldReferences,
  { start, signal }: NearestReferencesOptions,
): Promise<readonly NearReference[]> {
  assertFindable(outputs, references, start)
  const nearest: NearReference[] = []
  const pause = pauses(signal)
  for (let first = 0; first < outputs.rows; first += TOGETHER) {
    const length = Math.min(TOGETHER, outputs.rows - first)
    let open = Array.from({ length }, (_, at) => first + at)
    for (let radius = start; open.length > 0; radius *= GROWTH) {
      await pause()
      const points = open.map((row) => new Float64Array(rowOf(outputs, row)))
      const found = await references.within(points, { radius, signal })
      open = open.filter((row, at) => {
        const [one, ...others] = found[at]!
        if (one === undefined) return true
        nearest[row] = others.reduce(nearer, one)
        return false
      })
    }
  }
  return nearest
}

const nearer = (one: NearReference, other: NearReference): NearReference =>
  other.distance < one.distance ? other : one

/** Balls of what can be near nothing would grow for ever. */
function assertFindable(outputs: Matrix, references: ShieldReferences, start: number): void {
  const { size, dimensions, fingerprint } = references
  if (size === 0) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'Nothing is near where there is no reference.',
      value: 0,
      remedy: 'Give at least one protected picture.',
    })
  }
  if (!(start > 0)) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `A search for the nearest cannot start with a radius of ${start}.`,
      value: start,
      remedy: 'Give a number above 0; half of the distance that is expected is a good one.',
    })
  }
  assertComparable(outputs, { columns: dimensions, fingerprint })
  assertFinite(outputs)
}

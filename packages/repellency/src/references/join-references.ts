import { assertComparable } from '@assay/core'
import type { NearReference, ShieldReferences } from './shield-references.js'

/**
 * Several sets of references as one; the rows of each follow those of the one before. Sets that grow, as a
 * bank does, are taken as they are when they are asked. All of them lie in a space that is known only where each
 * names it.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH` for sets of different spaces
 */
export function joinReferences(sets: readonly ShieldReferences[]): ShieldReferences {
  const [first] = sets
  const known = sets.find((set) => set.fingerprint !== null)?.fingerprint ?? null
  const fingerprint = sets.every((set) => set.fingerprint !== null) ? known : null
  for (const set of sets) {
    assertComparable(
      { columns: first?.dimensions ?? 0, fingerprint: known },
      { columns: set.dimensions, fingerprint: set.fingerprint },
    )
  }
  const sizeOf = (joined: readonly ShieldReferences[]) =>
    joined.reduce((sum, { size }) => sum + size, 0)
  return {
    get size() {
      return sizeOf(sets)
    },
    dimensions: first?.dimensions ?? 0,
    fingerprint,
    async within(points, options) {
      const starts = sets.map((_, at) => sizeOf(sets.slice(0, at)))
      const found = await Promise.all(sets.map((set) => set.within(points, options)))
      return points.map((_, point) =>
        found.flatMap((each, set) => shifted(each[point] ?? [], starts[set] ?? 0)),
      )
    },
  }
}

const shifted = (near: readonly NearReference[], start: number) =>
  start === 0 ? near : near.map((each) => ({ ...each, row: each.row + start }))

import type { NearReference, ShieldReferences } from './shield-references.js'

/** Several sets of references as one; the rows of each follow those of the one before. */
export function joinReferences(sets: readonly ShieldReferences[]): ShieldReferences {
  const [first] = sets
  const starts = sets.map((_, at) => sets.slice(0, at).reduce((sum, { size }) => sum + size, 0))
  return {
    size: sets.reduce((sum, { size }) => sum + size, 0),
    dimensions: first?.dimensions ?? 0,
    fingerprint: first?.fingerprint ?? null,
    async within(points, options) {
      const found = await Promise.all(sets.map((set) => set.within(points, options)))
      return points.map((_, point) =>
        found.flatMap((each, set) => shifted(each[point] ?? [], starts[set] ?? 0)),
      )
    },
  }
}

const shifted = (near: readonly NearReference[], start: number) =>
  start === 0 ? near : near.map((each) => ({ ...each, row: each.row + start }))

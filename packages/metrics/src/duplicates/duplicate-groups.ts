import type { NearDuplicate } from './near-duplicates.js'

/**
 * Rows that hang together through near-duplicate pairs of one set: the connected components of two or
 * more rows. Two rows of a group need not be near-duplicates of each other.
 *
 * @param pairs what `nearDuplicatePairs` returned
 * @returns rows of each group in order, groups in order of their first row
 */
export function duplicateGroups(
  pairs: readonly Pick<NearDuplicate, 'row' | 'other'>[],
): readonly (readonly number[])[] {
  const leaders = new Map<number, number>()
  for (const { row, other } of pairs) {
    const first = leaderOf(leaders, row)
    const second = leaderOf(leaders, other)
    // The smaller row leads, so that a group is found under its first row.
    leaders.set(Math.max(first, second), Math.min(first, second))
  }
  const groups = new Map<number, number[]>()
  const rows = new Set(pairs.flatMap(({ row, other }) => [row, other]))
  for (const row of [...rows].sort((a, b) => a - b)) {
    const leader = leaderOf(leaders, row)
    const group = groups.get(leader)
    if (group) group.push(row)
    else groups.set(leader, [row])
  }
  return [...groups.values()].filter((group) => group.length > 1)
}

/** The row that leads the group of `row`; shortens the way there (path halving). */
function leaderOf(leaders: Map<number, number>, row: number): number {
  const above = (of: number) => leaders.get(of) ?? of
  let at = row
  while (above(at) !== at) {
    leaders.set(at, above(above(at)))
    at = above(at)
  }
  return at
}

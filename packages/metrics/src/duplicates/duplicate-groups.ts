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
  const parents = new Map<number, number>()
  for (const { row, other } of pairs) {
    const first = rootOf(parents, row)
    const second = rootOf(parents, other)
    // The smaller row leads, so that a group is found under its first row.
    parents.set(Math.max(first, second), Math.min(first, second))
  }
  const groups = new Map<number, number[]>()
  for (const row of [...parents.keys()].sort((a, b) => a - b)) {
    const root = rootOf(parents, row)
    groups.set(root, [...(groups.get(root) ?? []), row])
  }
  return [...groups.values()].filter((rows) => rows.length > 1)
}

/** The row that leads the group of `row`; shortens the way there (path halving). */
function rootOf(parents: Map<number, number>, row: number): number {
  let at = row
  for (;;) {
    const parent = parents.get(at)
    if (parent === undefined) parents.set(at, at)
    if (parent === undefined || parent === at) return at
    const grandparent = parents.get(parent) ?? parent
    parents.set(at, grandparent)
    at = grandparent
  }
}

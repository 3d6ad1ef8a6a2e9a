/** Edits up to which a name is still likely a slip of the fingers. */
const largestSlip = 3

/** Levenshtein distance: insertions, deletions and substitutions, row by row. */
function editDistance(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 0; i < one.length; i++) {
    const row = [i + 1]
    for (let j = 0; j < other.length; j++) {
      const substitution = previous[j]! + (one[i] === other[j] ? 0 : 1)
      row.push(Math.min(substitution, previous[j + 1]! + 1, row[j]! + 1))
    }
    previous = row
  }
  return previous[other.length]!
}

/**
 * The one of `names` that `name` was most likely meant to be: the nearest by Levenshtein distance
 * without regard to case, the first of several; null where the nearest is more than three edits away
 * or shares nothing with it.
 */
export function closestName(name: string, names: readonly string[]): string | null {
  let best: string | null = null
  let bestDistance = Math.min(largestSlip + 1, name.length)
  for (const candidate of names) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

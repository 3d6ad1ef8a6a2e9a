/** Edits at which a name is still likely a slip of the fingers. */
const LARGEST_SLIP = 3

/** The name most like `name` by edit distance, or null where none is near. */
export function closestName(name: string, names: readonly string[]): string | null {
  const distances = names.map((candidate) => ({
    candidate,
    distance: editDistance(name.toLowerCase(), candidate.toLowerCase()),
  }))
  const [best] = distances.sort((a, b) => a.distance - b.distance)
  return best !== undefined && best.distance <= LARGEST_SLIP ? best.candidate : null
}

/** Levenshtein distance: insertions, deletions and substitutions, by rows. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const row = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const substitution = (previous[j] ?? 0) + (letter === other ? 0 : 1)
      row.push(Math.min(substitution, (previous[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1))
    }
    previous = row
  }
  return previous[b.length] ?? 0
}

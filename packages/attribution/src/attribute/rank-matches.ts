import { topK } from '@assay/core/linear-algebra'
import type { Candidates } from './candidates.js'

/** The places of the k best candidates, best first; equal scores by id, or by row without ids. */
export function rankMatches({ rows, scores, idOf }: Candidates, k: number): number[] {
  const last = topK(scores, k).at(-1)
  if (last === undefined) return []
  const least = scores[last]!
  const contenders = Array.from(scores.keys()).filter((place) => scores[place]! >= least)
  const comesFirst = (one: number, other: number) => {
    const [a, b] = [idOf(one), idOf(other)]
    // Where the row number is the id, ties are in the order of rows.
    const isRow = a === String(rows[one]) && b === String(rows[other])
    return isRow ? rows[one]! < rows[other]! : a < b
  }
  return contenders
    .sort((one, other) => scores[other]! - scores[one]! || (comesFirst(one, other) ? -1 : 1))
    .slice(0, k)
}

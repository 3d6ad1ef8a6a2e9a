import type { PreparedSide } from './prepared-pictures.js'
import type { ResolvedSettings } from './tuning-settings.js'

/** What each picture of a side counts; one half in all, or 0 where every group of the side counts nothing. */
export function pictureWeights(
  { pictures, groups }: PreparedSide,
  groupWeights: ResolvedSettings['groupWeights'],
): Float64Array {
  const weights = new Float64Array(pictures.rows).fill(1)
  if (groups !== undefined && groupWeights !== 'by-size') {
    const counts = new Map<string, number>()
    for (const group of groups) counts.set(group, 1 + (counts.get(group) ?? 0))
    groups.forEach((group, row) => {
      weights[row] =
        groupWeights === 'equal' ? 1 / (counts.get(group) ?? 1) : (groupWeights[group] ?? 1)
    })
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => (total === 0 ? 0 : weight / (2 * total)))
}

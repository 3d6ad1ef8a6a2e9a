import type { RoadCosts } from './road-costs.js'

/**
 * Which queries of a batch look at their candidates one by one; the others share a scan. Those with the
 * fewest candidates do, as many of them as make the sum of all costs least: a scan costs once for all and
 * a little for each query, a list of candidates costs by its length.
 *
 * @param candidates number of candidates of each query
 */
export function prunedQueries(
  candidates: readonly number[],
  { scan, scanQuery, candidate }: RoadCosts,
): boolean[] {
  const order = [...candidates.keys()].sort((a, b) => candidates[a]! - candidates[b]!)
  let pruned = 0
  let best = { count: 0, cost: scan + order.length * scanQuery }
  order.forEach((query, index) => {
    const count = index + 1
    const rest = order.length - count
    pruned += candidates[query]! * candidate
    const cost = pruned + (rest > 0 ? scan + rest * scanQuery : 0)
    if (cost <= best.cost) best = { count, cost }
  })
  const chosen = new Set(order.slice(0, best.count))
  return candidates.map((_, query) => chosen.has(query))
}

import { AssayError, createRandom, type Interval } from '@assay/core'
import { type ClusterId, clusteredBootstrapInterval, meanAndVariance } from '@assay/core/statistics'
import { changesOf, type Removal } from './leave-k-out.js'

/** A method's removal, and random ones of several sizes. */
export interface EquivalentRandomRemovalsOptions {
  /** What removing the method's pictures gave. */
  readonly removal: Removal
  /** What removing random pictures gave: at least two numbers of pictures, the same queries. */
  readonly random: readonly Removal[]
  /** As for `leaveKOut`. Default: null */
  readonly before?: ArrayLike<number> | null
  /** Queries of one cluster are not independent. Default: every query by itself */
  readonly clusters?: readonly ClusterId[]
  /** Confidence level. Default: 0.95 */
  readonly level?: number
  /** Seed of the bootstrap. Default: 0 */
  readonly seed?: number | string
}

/** How many random pictures one would have to remove. */
export interface EquivalentRandomRemovals {
  /** Null where the change is outside what random removals reached; then `reason` says so. */
  readonly value: number | null
  readonly interval: Interval | null
  readonly reason?: string
}

/**
 * How many random pictures must be removed to change the queries as much as removing a method's pictures
 * did: where the curve of random removals, made monotone and linear between its points, reaches the
 * method's mean change. Nothing is extrapolated.
 *
 * @throws AssayError `INVALID_ARGUMENT` (fewer than two random removals), and as `leaveKOut` does
 *
 * Source: Wang et al. (2024), Data Attribution for Text-to-Image Models by Unlearning Synthesized
 * Images, appendix C.1; monotone by pooling adjacent violators, Ayer et al. (1955).
 */
export function equivalentRandomRemovals(
  options: EquivalentRandomRemovalsOptions,
): EquivalentRandomRemovals {
  const { removal, random, before = null, level = 0.95, seed = 0 } = options
  if (random.length < 2) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `${random.length} random removals make no curve.`,
      value: random.length,
      remedy: 'Retrain without random pictures for at least two numbers of pictures.',
    })
  }
  const ascending = [...random].sort((a, b) => a.removed - b.removed)
  const removals = [...ascending, { ...removal, method: `the method ${removal.method}` }]
  const changes = changesOf({
    removals,
    before,
    ...(options.clusters && { clusters: options.clusters }),
  })
  const statistic = (queries: readonly number[]) => {
    const means = changes.map((own) => meanAndVariance(queries.map((query) => own[query]!)).mean)
    const points = ascending.map(({ removed }, at) => ({ removed, change: means[at]! }))
    return whereReached(points, means.at(-1)!)
  }
  const queries = Array.from(removal.values, (_, query) => query)
  const value = statistic(queries)
  const interval = clusteredBootstrapInterval({
    items: queries,
    clusters: options.clusters ?? queries,
    statistic,
    random: createRandom(seed),
    level,
  })
  if (value === null) return { value, interval: null, reason: outOfReach }
  return { value, interval, ...(interval === null && { reason: intervalOutOfReach }) }
}

const outOfReach = 'The change is smaller or larger than any that random removals reached.'
const intervalOutOfReach =
  'Too few queries, or the change of a resample is beyond what random removals reached.'

interface CurvePoint {
  readonly removed: number
  readonly change: number
}

/** The fewest pictures at which the monotone curve reaches a change; null outside of it. */
function whereReached(points: readonly CurvePoint[], change: number): number | null {
  const curve = monotone(points)
  const at = curve.findIndex((point) => point.change >= change)
  if (at < 0 || (at === 0 && curve[0]!.change > change)) return null
  const high = curve[at]!
  const low = curve[at - 1]
  if (!low) return high.removed
  const part = (change - low.change) / (high.change - low.change)
  return low.removed + part * (high.removed - low.removed)
}

/** The nearest curve that never falls: neighbours that do are replaced by their mean. */
function monotone(points: readonly CurvePoint[]): CurvePoint[] {
  const pools: { sum: number; count: number }[] = []
  for (const { change } of points) {
    let pool = { sum: change, count: 1 }
    for (let last = pools.at(-1); last; last = pools.at(-1)) {
      if (last.sum / last.count <= pool.sum / pool.count) break
      pool = { sum: last.sum + pool.sum, count: last.count + pool.count }
      pools.pop()
    }
    pools.push(pool)
  }
  const levels = pools.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count))
  return points.map(({ removed }, at) => ({ removed, change: levels[at]! }))
}

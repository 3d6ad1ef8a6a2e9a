/** Items whose influence lies in one range, and how much of the truth they hold. */
export interface ReliabilityBin {
  /** Least influence of the range. */
  readonly low: number
  /** End of the range, which belongs to the next one, or to this one at 1. */
  readonly high: number
  readonly items: number
  /** Mean influence of the items; null without any. */
  readonly influence: number | null
  /**
   * Mean of what their influence should be: 1 / E for each of the E exemplars of a query, 0 for others;
   * null without items.
   */
  readonly truth: number | null
}

const edges = [0, 1e-4, 1e-3, 0.01, 0.05, 0.2, 0.5, 0.8, 1]

/** The number of the bin that an influence lies in. */
export function binOf(influence: number): number {
  let bin = 0
  while (bin < edges.length - 2 && influence >= edges[bin + 1]!) bin += 1
  return bin
}

/** Sums over the items of each bin. */
export class ReliabilityCounts {
  readonly items = new Float64Array(edges.length - 1)
  readonly influence = new Float64Array(edges.length - 1)
  readonly truth = new Float64Array(edges.length - 1)

  add(influence: number, truth: number): void {
    const bin = binOf(influence)
    this.items[bin]! += 1
    this.influence[bin]! += influence
    this.truth[bin]! += truth
  }

  bins(): ReliabilityBin[] {
    return Array.from(this.items, (items, bin) => ({
      low: edges[bin]!,
      high: edges[bin + 1]!,
      items,
      influence: items > 0 ? this.influence[bin]! / items : null,
      truth: items > 0 ? this.truth[bin]! / items : null,
    }))
  }
}

/**
 * The calibration error: the difference of mean influence and mean truth of each bin, weighted by the
 * influence in it. From 0 to 1; the many items of hardly any influence count for hardly anything.
 *
 * @param truth the truth in each bin, which may be another one than was counted
 */
export function calibrationError(
  { items, influence }: Pick<ReliabilityCounts, 'items' | 'influence'>,
  truth: Float64Array,
): number {
  const total = influence.reduce((sum, mass) => sum + mass, 0)
  return items.reduce((error, count, bin) => {
    if (count === 0) return error
    const difference = Math.abs(influence[bin]! - truth[bin]!) / count
    return error + (influence[bin]! / total) * difference
  }, 0)
}

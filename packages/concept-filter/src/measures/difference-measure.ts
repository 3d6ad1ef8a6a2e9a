import type { Interval, Measure } from '@assay/core'

/**
 * The difference of two shares of independent pictures, first minus second, with the interval that follows
 * from theirs; without shared prompts it is Newcombe's.
 *
 * Source: Newcombe (1998), Interval estimation for the difference between independent proportions, method
 * 10; for other intervals: Zou and Donner (2008), Construction of confidence limits about effect measures.
 */
export function differenceMeasure(id: string, first: Measure, second: Measure): Measure {
  const { value: p1, interval: one } = first
  const { value: p2, interval: two } = second
  const named = {
    id,
    ...(first.group !== undefined && { group: first.group }),
    unit: 'share',
    n: first.n + second.n,
    missing: first.missing + second.missing,
  }
  if (p1 === null || p2 === null) {
    const reason = (p1 === null ? first.reason : second.reason) ?? 'a share is missing'
    return { ...named, value: null, interval: null, reason }
  }
  const value = p1 - p2
  if (one === null || two === null) {
    const reason = (one === null ? first.reason : second.reason) ?? 'an interval is missing'
    return { ...named, value, interval: null, reason }
  }
  const interval: Interval = {
    low: value - Math.hypot(p1 - one.low, two.high - p2),
    high: value + Math.hypot(one.high - p1, p2 - two.low),
    level: one.level,
    method: one.method === 'wilson' ? 'newcombe' : `newcombe from ${one.method}`,
  }
  return { ...named, value, interval }
}

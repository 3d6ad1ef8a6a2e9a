import type { Measure } from '@assay/core'

/** A recall in words, for instance `recall@10 0.984 (95 %: 0.975 to 0.990)`. */
export function describeRecall({ id, value, interval }: Measure): string {
  if (value === null) return 'recall not measured'
  const range = interval
    ? ` (${100 * interval.level} %: ${interval.low.toFixed(3)} to ${interval.high.toFixed(3)})`
    : ''
  return `${id} ${value.toFixed(3)}${range}`
}

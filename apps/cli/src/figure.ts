import { formatFigure } from '@assay/audit'
import type { Measure } from '@assay/core'

/** A measure for people: its value with its interval, or why there is none. */
export function figure({ value, unit, interval }: Measure): string {
  if (value === null) return '–'
  const end = (at: number) =>
    unit === 'share' ? (100 * at).toFixed(1) : formatFigure(Number(at.toPrecision(3)), unit)
  const within = interval === null ? '' : ` (${end(interval.low)} to ${end(interval.high)})`
  return `${formatFigure(value, unit)}${within}`
}

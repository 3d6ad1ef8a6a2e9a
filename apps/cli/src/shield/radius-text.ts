import type { RadiusCalibration } from '@assay/repellency'
import { figure } from '../figure.js'

/** A radius and how it came about, in a few lines. */
export function radiusText({
  mode,
  radius,
  quantile,
  interval,
  reason = '',
  outputs,
  distances,
  relativeRadius,
  inside,
  insideInterval,
}: RadiusCalibration): string {
  const relative =
    relativeRadius === null ? '' : `, ${relativeRadius.toPrecision(3)} of the median of pairs`
  const of = mode === 'protection' ? 'distances to protected pictures' : 'distances of pairs'
  const between = interval
    ? `between ${interval.low.toPrecision(3)} and ${interval.high.toPrecision(3)}`
    : reason
  const how =
    quantile === null ? reason : `the quantile ${quantile} of ${distances} ${of}: ${between}`
  const share = { id: 'inside', value: inside, unit: 'share', n: distances, missing: 0 }
  const covered = figure({ ...share, interval: insideInterval })
  return `Radius ${radius.toPrecision(4)}${relative}; ${how}\nWithin it: ${covered} of ${mode === 'protection' ? `${outputs} pictures without a shield` : `${distances} pairs`}\n`
}

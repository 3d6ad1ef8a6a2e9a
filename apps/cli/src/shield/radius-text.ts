import type { RadiusCalibration } from '@assay/repellency'
import { figure } from '../figure.js'

/** A radius and how it came about, in two lines. */
export function radiusText(calibration: RadiusCalibration): string {
  const { mode, radius, relativeRadius, outputs, distances, inside, insideInterval } = calibration
  const relative =
    relativeRadius === null ? '' : `, ${relativeRadius.toPrecision(3)} of the median of pairs`
  const share = { id: 'inside', value: inside, unit: 'share', n: distances, missing: 0 }
  const within = figure({ ...share, interval: insideInterval })
  const of = mode === 'protection' ? `${outputs} pictures without a shield` : `${distances} pairs`
  return `Radius ${radius.toPrecision(4)}${relative}; ${originOf(calibration)}\nWithin it: ${within} of ${of}\n`
}

function originOf({ mode, quantile, distances, interval, reason = '' }: RadiusCalibration): string {
  if (quantile === null) return 'as given'
  const of = mode === 'protection' ? 'distances to protected pictures' : 'distances of pairs'
  const between =
    interval === null
      ? reason
      : `between ${interval.low.toPrecision(3)} and ${interval.high.toPrecision(3)}`
  return `the quantile ${quantile} of ${distances} ${of}: ${between}`
}

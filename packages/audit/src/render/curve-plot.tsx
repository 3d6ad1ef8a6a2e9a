import type { AuditResult } from '@assay/core'
import { formatFigure } from './format-figure.js'

type Curve = NonNullable<AuditResult['curves']>[number]
type Point = {
  readonly at: number
  readonly value: number
  readonly low: number
  readonly high: number
}

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [420, 180, 56, 34, 10] as const

/** A curve with the band of its intervals, and the same as a table for whoever cannot see it. */
export function CurvePlot({ curve }: { curve: Curve }) {
  const points = drawable(curve)
  if (points.length < 2) return null
  const { x, y, largest } = scales(points)
  const unit = curve.points[0]?.measure.unit ?? ''
  const line = points.map(({ at, value }) => `${x(at)},${y(value)}`).join(' ')
  const band = [
    ...points.map(({ at, high }) => `${x(at)},${y(high)}`),
    ...points.toReversed().map(({ at, low }) => `${x(at)},${y(low)}`),
  ].join(' ')
  const ends = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0]
  return (
    <div class="curve">
      <p>{curve.title}</p>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={curve.title}>
        <polygon class="curve-band" points={band} />
        <polyline class="curve-line" points={line} />
        <path class="curve-axes" d={`M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - 8}`} />
        {[0, largest].map((value) => (
          <text key={value} x={LEFT - 6} y={y(value) + 4} text-anchor="end">
            {formatFigure(value, unit)}
          </text>
        ))}
        {ends.map((at) => (
          <text key={at} x={x(at)} y={HEIGHT - BOTTOM + 16} text-anchor="middle">
            {at}
          </text>
        ))}
        <text x={(LEFT + WIDTH) / 2} y={HEIGHT - 4} text-anchor="middle">
          {curve.axis}
        </text>
      </svg>
    </div>
  )
}

/** Points with a value; where one has no interval its band is the value itself. */
const drawable = ({ points }: Curve): readonly Point[] =>
  points.flatMap(({ at, measure: { value, interval } }) =>
    value === null
      ? []
      : [{ at, value, low: interval?.low ?? value, high: interval?.high ?? value }],
  )

/** From the axes' units to the picture's; the upright axis begins at 0. */
function scales(points: readonly Point[]) {
  const first = points[0]?.at ?? 0
  const last = points.at(-1)?.at ?? 1
  const largest = Math.max(...points.map(({ high }) => high)) || 1
  const round = (value: number) => Math.round(value * 10) / 10
  return {
    largest,
    x: (at: number) => round(LEFT + ((at - first) / (last - first)) * (WIDTH - LEFT - 12)),
    y: (value: number) => round(TOP + (1 - value / largest) * (HEIGHT - BOTTOM - TOP)),
  }
}

import type { Measure, MeasureMeta } from '@assay/core'

const WIDTH = 160
const HEIGHT = 20
const MIDDLE = HEIGHT / 2

/** A measure on its axis: a tick for the value and a bar for the interval. */
export function MeasurePlot({
  measure,
  meta,
}: {
  measure: Measure
  meta: MeasureMeta | undefined
}) {
  if (measure.value === null) return null
  const [low, high] = axis(measure, meta)
  const position = (value: number) => ((value - low) / (high - low)) * (WIDTH - 4) + 2
  const { interval } = measure
  return (
    <svg
      class="plot"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`from ${low} to ${high}`}
    >
      <line class="plot-axis" x1="2" x2={WIDTH - 2} y1={MIDDLE} y2={MIDDLE} />
      {interval && (
        <rect
          class="plot-interval"
          x={position(interval.low)}
          width={Math.max(1, position(interval.high) - position(interval.low))}
          y={MIDDLE - 5}
          height="10"
        />
      )}
      <rect
        class="plot-value"
        x={position(measure.value) - 1}
        width="2"
        y={MIDDLE - 8}
        height="16"
      />
    </svg>
  )
}

/** Ends of the axis: the measure's range where it is bounded, else from its lower end to a margin. */
function axis({ value, interval }: Measure, meta: MeasureMeta | undefined): [number, number] {
  const largest = Math.max(interval?.high ?? 0, value ?? 0)
  const smallest = Math.min(interval?.low ?? 0, value ?? 0)
  const low = meta?.range[0] ?? Math.min(0, smallest)
  const high = meta?.range[1] ?? largest * 1.25
  return high > low ? [low, high] : [low, low + 1]
}

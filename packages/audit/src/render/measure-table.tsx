import type { Measure, MeasureMeta } from '@assay/core'
import { formatFigure, formatInterval } from './format-figure.js'
import { MeasurePlot } from './measure-plot.js'

/** All measures of an audit, each with its interval, n and missing items. */
export function MeasureTable(props: {
  measures: readonly Measure[]
  metas: readonly MeasureMeta[]
}) {
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Measure</th>
            <th class="number">Value</th>
            <th>Interval</th>
            <th class="number">n</th>
            <th class="number">missing</th>
          </tr>
        </thead>
        <tbody>
          {props.measures.map((measure) => (
            <MeasureRow
              key={`${measure.id} ${measure.group ?? ''}`}
              measure={measure}
              meta={props.metas.find(({ id }) => id === measure.id)}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function MeasureRow({ measure, meta }: { measure: Measure; meta: MeasureMeta | undefined }) {
  const { value, unit, interval, n, missing, reason } = measure
  return (
    <tr>
      <td>
        {meta?.title ?? measure.id}
        {measure.group !== undefined && `: ${measure.group}`}
        <div class="soft small">
          {meta?.description} {direction(meta)}
        </div>
      </td>
      <td class="value">{value === null ? '–' : formatFigure(value, unit)}</td>
      <td>
        {interval && (
          <>
            {formatInterval(interval, unit)}
            <div class="soft small">{interval.method}</div>
          </>
        )}
        <MeasurePlot measure={measure} meta={meta} />
        {reason && <div class="soft small">{reason}</div>}
      </td>
      <td class="number">{n}</td>
      <td class="number">{missing}</td>
    </tr>
  )
}

function direction(meta: MeasureMeta | undefined): string {
  if (meta === undefined || meta.higherIsBetter === null) return ''
  return meta.higherIsBetter ? 'Higher is better.' : 'Lower is better.'
}

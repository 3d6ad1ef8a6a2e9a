import type { ComparedRow, MethodComparison, RetrievalRow } from '@assay/attribution/evaluation'
import { formatFigure } from '@assay/audit'
import type { Interval } from '@assay/core'
import { printable, table } from '../table.js'

type ComparedMeasure = ComparedRow['measures'][number]
type ComparedValue = ComparedMeasure['methods'][number]

const share = (value: number): string => formatFigure(value, 'share')

const points = (value: number): string => `${value < 0 ? '' : '+'}${(value * 100).toFixed(1)}`

function within(interval: Interval | null, format: (value: number) => string): string {
  return interval === null ? '' : ` (${format(interval.low)} to ${format(interval.high)})`
}

/** Two methods side by side: each measure of each kind of query, their difference, ceiling and chance. */
export function comparisonTable({ rows }: MethodComparison): string {
  const names = rows[0]?.measures[0]?.methods.map(({ name }) => name) ?? []
  const head = ['queries of', 'n', 'measure', ...names, 'difference', 'ceiling', 'chance']
  return table([head, ...rows.flatMap(rowsOf)])
}

function rowsOf({ group, queries, models, measures }: ComparedRow): string[][] {
  const name = Object.values(group).map(printable).join(' ') || 'all'
  const counts = `${queries} of ${models} models`
  // Hit@k says nothing new where a model has one exemplar; the JSON document has it.
  const shown = measures.filter(({ id }) => !id.startsWith('hit'))
  return shown.map((measure, at) => [
    at === 0 ? name : '',
    at === 0 ? counts : '',
    ...cellsOf(measure),
  ])
}

function cellsOf({ id, ceiling, chance, methods }: ComparedMeasure): string[] {
  const difference = methods.at(-1)?.difference ?? null
  return [
    id,
    ...methods.map(compared),
    difference === null ? '' : `${points(difference.value)}${within(difference.interval, points)}`,
    share(ceiling),
    `${(chance * 100).toPrecision(2)} %`,
  ]
}

const compared = ({ value, interval }: ComparedValue): string => figure(value, interval)

const figure = (value: number | null, interval: Interval | null): string =>
  value === null ? '–' : `${share(value)}${within(interval, (end) => (end * 100).toFixed(1))}`

/** Figures of one method by the size of the pool and of the exemplar set. */
export interface SizedTable {
  readonly poolSize: number
  readonly table: readonly RetrievalRow[]
}

/** Recall@10 and mAP of both methods against the number of exemplars and of others. */
export function largerSetsTable(sizes: {
  readonly untuned: readonly SizedTable[]
  readonly tuned: readonly SizedTable[]
}): string {
  const head = ['exemplars', 'pool', 'n', 'measure', 'untuned', 'tuned', 'ceiling', 'chance']
  const rows = sizes.untuned.flatMap(({ poolSize, table: kinds }, size) =>
    kinds.flatMap(({ group, queries, measures }, kind) =>
      measures.flatMap(({ id, value, interval, ceiling, chance }, at) => {
        if (id.startsWith('hit')) return []
        const tuned = sizes.tuned[size]?.table[kind]?.measures[at]
        return [
          [
            group.exemplars ?? 'all',
            String(poolSize),
            String(queries),
            id,
            figure(value, interval),
            tuned === undefined ? '' : figure(tuned.value, tuned.interval),
            share(ceiling),
            `${(chance * 100).toPrecision(2)} %`,
          ],
        ]
      }),
    ),
  )
  return table([head, ...rows])
}

import { formatFigure } from '@assay/audit'
import type { StressReport } from '@assay/concept-filter/attacks'
import { table } from '../table.js'
import type { AttackReport } from './run-attacks.js'

/** A row a severity: how many decisions changed, and how far embeddings moved. */
export function stressTable({ rows }: StressReport): string {
  const head = [
    'transform',
    'severity',
    'n',
    'changed',
    'flagged to passed',
    'moved, median',
    'inside radius',
    'of them changed',
  ]
  return table([
    head,
    ...rows.map((row) => [
      row.transform,
      `${row.severity} ${row.unit}`,
      String(row.n),
      shareWithin(row.flipRate, row.interval),
      String(row.toPassed),
      row.drift?.median.toFixed(3) ?? '–',
      String(row.withinRadius),
      String(row.flipsWithinRadius),
    ]),
  ])
}

/** A row an attack and number of queries: the share of decisions that were turned by then. */
export function attackTable(reports: readonly AttackReport[]): string {
  const head = [
    'attack',
    'largest change',
    'queries',
    'n',
    'turned by then',
    'nearest found, median',
    'found / certified',
  ]
  const rows = reports.flatMap((report) =>
    report.curve.map(({ at, success, unknown }, place) => [
      place === 0 ? report.attack : '',
      place === 0 ? largest(report) : '',
      String(at),
      String(success.n),
      unknown > 0 ? 'not known' : shareWithin(success.value, success.interval),
      place === 0 ? medianDistance(report) : '',
      place === 0 ? smallestRatio(report) : '',
    ]),
  )
  return table([head, ...rows])
}

type Within = { readonly low: number; readonly high: number } | null

const shareWithin = (value: number | null, interval: Within): string =>
  value === null
    ? '–'
    : `${formatFigure(value, 'share')}${interval === null ? '' : ` (${(100 * interval.low).toFixed(1)} to ${(100 * interval.high).toFixed(1)})`}`

function largest({ norm, radius, space }: AttackReport): string {
  if (radius === null) return `any, ${norm} of the ${space}`
  return `${Number((255 * radius).toPrecision(4))} of 255, ${norm}`
}

function medianDistance({ attempts, space }: AttackReport): string {
  const found = attempts.flatMap(({ distance }) => distance ?? []).sort((a, b) => a - b)
  const middle = found[Math.floor(found.length / 2)]
  if (middle === undefined) return '–'
  return space === 'pixels' ? `${(255 * middle).toPrecision(3)} of 255` : middle.toPrecision(4)
}

/** Below 1 a certificate would be refuted. */
function smallestRatio({ attempts }: AttackReport): string {
  const ratios = attempts.flatMap(({ overCertified }) => overCertified ?? [])
  return ratios.length === 0 ? '' : `${Math.min(...ratios).toFixed(6)} at least`
}

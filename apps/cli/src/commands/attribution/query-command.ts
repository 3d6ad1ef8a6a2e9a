import { resolve } from 'node:path'
import {
  type Attribution,
  type AttributionReport,
  attribute,
  collectFeatures,
  type FeatureSource,
  type GroupCreditReport,
  groupCredit,
} from '@assay/attribution'
import { openFeatures, readCalibration } from '@assay/attribution/node'
import { formatFigure, formatInterval } from '@assay/audit'
import { AssayError, createRandom, type ItemFailure } from '@assay/core'
import { attributionPool } from '../../attribution/attribution-pool.js'
import { openQueries } from '../../attribution/open-queries.js'
import { readHead } from '../../attribution/read-head.js'
import { type SessionFlags, withSession } from '../../command-session.js'
import { exitCode } from '../../exit-code.js'
import { wholeNumber } from '../../flag-values.js'
import { printJson } from '../../print-json.js'
import { printable, table } from '../../table.js'
import { tellFailures } from '../../tell-failures.js'

interface QueryFlags extends SessionFlags {
  readonly head?: string
  readonly calibration?: string
  readonly top: string
  readonly groupBy?: string
  readonly labels?: string
  readonly encoder?: string
}

/** `assay attribution query`: the training pictures that outputs were made from. */
export function queryCommand(
  poolPath: string,
  outputs: string,
  flags: QueryFlags,
): Promise<number> {
  return withSession(flags, async (session) => {
    const { labels, encoder } = flags
    const k = wholeNumber('--top', flags.top)
    const head = await readHead(flags.head)
    const calibration =
      flags.calibration === undefined ? null : await readCalibration(resolve(flags.calibration))
    const options = labels === undefined ? {} : { labels }
    const pool = session.use(await openFeatures(resolve(poolPath), options))
    const groups = flags.groupBy === undefined ? undefined : labelsOf(pool, flags.groupBy)
    const queries = await openQueries(outputs, { pool, encoder }, session)
    const { progress, signal } = session
    const report = await attribute({
      queries: await collectFeatures(queries.features, { signal }),
      pool: await attributionPool(pool, head, session),
      ...{ head, calibration, k, labels: groups, progress, signal },
    })
    session.endProgress()
    const credit =
      calibration === null || groups === undefined ? null : creditOf(report, queries.features)
    const failures = [
      ...queries.failures,
      ...report.attributions.flatMap(({ failure }) => failure ?? []),
    ]
    const { groupBy = null } = flags
    if (flags.json) printJson({ pool: poolPath, groupBy, ...report, credit, failures })
    else tell(report, credit, failures)
    return failures.length > 0 ? exitCode.partial : exitCode.ok
  })
}

/** Credit of all outputs together; those of one prompt are not independent. Null where none was judged. */
function creditOf(
  { attributions }: AttributionReport,
  outputs: FeatureSource,
): GroupCreditReport | null {
  if (attributions.every(({ failure }) => failure !== null)) return null
  const prompts = outputs.groups.get('prompt')
  const clusters = attributions.map(({ query }, row) => prompts?.[row] ?? query)
  return groupCredit({ attributions, clusters, random: createRandom(0) })
}

function labelsOf({ groups }: FeatureSource, field: string): readonly (string | null)[] {
  const labels = groups.get(field)
  if (labels !== undefined) return labels
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The training pictures have no label ${JSON.stringify(field)}.`,
    value: field,
    remedy: `Name one of ${[...groups.keys()].join(', ') || 'the fields that --labels adds'}.`,
  })
}

function tell(
  report: AttributionReport,
  credit: GroupCreditReport | null,
  failures: readonly ItemFailure[],
): void {
  tellFailures(failures)
  for (const attribution of report.attributions) {
    if (attribution.failure === null) process.stdout.write(sectionOf(attribution))
  }
  if (credit !== null) process.stdout.write(creditTable(credit))
  for (const { count, message } of report.warnings) process.stderr.write(`! ${count}: ${message}\n`)
}

function creditTable({ credits }: GroupCreditReport): string {
  const rows = credits.map(({ group, credit: { value, interval, unit }, outputs }) => [
    `  ${printable(group ?? 'not known')}`,
    value === null ? '–' : share(value),
    interval === null ? '' : formatInterval(interval, unit),
    `${outputs} outputs`,
  ])
  return `Credit over all outputs\n${table(rows)}`
}

function sectionOf({ query, matches, remainingInfluence, support, groups }: Attribution): string {
  const rows = matches.map(({ id, rank, score, influence, group }) => [
    `  ${rank}`,
    printable(id),
    score.toFixed(4),
    influence === null ? '' : share(influence),
    group === null ? '' : printable(group),
  ])
  const rest =
    remainingInfluence === null
      ? ''
      : `  remaining ${share(remainingInfluence)}, ${support} pictures have influence\n`
  const credit = groups
    ?.slice(0, matches.length)
    .map(({ group, influence }) => `${printable(group ?? 'not known')} ${share(influence)}`)
  const credits = credit === undefined ? '' : `  ${credit.join(', ')}\n`
  return `${printable(query)}\n${table(rows)}${rest}${credits}\n`
}

const share = (value: number): string => formatFigure(value, 'share')

import { resolve } from 'node:path'
import { collectFeatures, type FeatureSource } from '@assay/attribution'
import { groupSums, knnShapley } from '@assay/attribution/gradients'
import { openFeatures } from '@assay/attribution/node'
import { AssayError, type ItemFailure, selectRows } from '@assay/core'
import { cosines } from '../../attribution/cosines.js'
import { openQueries } from '../../attribution/open-queries.js'
import { type CommandSession, type SessionFlags, withSession } from '../../command-session.js'
import { exitCode } from '../../exit-code.js'
import { wholeNumber } from '../../flag-values.js'
import { printJson } from '../../print-json.js'
import { printable, table } from '../../table.js'
import { tellFailures } from '../../tell-failures.js'

interface ShapleyFlags extends SessionFlags {
  readonly groupBy: string
  readonly k: string
  readonly top: string
  readonly labels?: string
  readonly encoder?: string
}

/** `assay attribution shapley`: what training pictures, and groups of them, are worth to outputs. */
export function shapleyCommand(
  poolPath: string,
  queryPath: string,
  flags: ShapleyFlags,
): Promise<number> {
  return withSession(flags, async (session) => {
    const { labels, encoder } = flags
    const top = wholeNumber('--top', flags.top)
    const options = labels === undefined ? {} : { labels }
    const pool = session.use(await openFeatures(resolve(poolPath), options))
    const queries = await openQueries(queryPath, { pool, encoder }, session)
    const valued = await shapleyValues(pool, queries.features, { flags, session })
    session.endProgress()
    tell(valued, { flags, top, failures: queries.failures })
    return queries.failures.length > 0 ? exitCode.partial : exitCode.ok
  })
}

/** What was found. */
interface Valued {
  readonly items: readonly {
    readonly id: string
    readonly group: string | null
    readonly value: number
  }[]
  readonly groups: ReturnType<typeof groupSums>
  /** Share of the neighbours' votes that are right, which all values sum to. */
  readonly utility: number
  readonly queries: number
  /** Queries that nobody gave a label. */
  readonly unlabelled: number
}

async function shapleyValues(
  pool: FeatureSource,
  queries: FeatureSource,
  { flags, session }: { readonly flags: ShapleyFlags; readonly session: CommandSession },
): Promise<Valued> {
  const trainLabels = labelsOf(pool, flags.groupBy)
  const known = labelsOf(queries, flags.groupBy).flatMap((label, row) =>
    label === null ? [] : [{ label, row }],
  )
  const labelled = selectRows(
    await collectFeatures(queries, session),
    known.map(({ row }) => row),
  )
  const { values, utility } = knnShapley({
    scores: await cosines(labelled, await collectFeatures(pool, session), session),
    trainLabels,
    queryLabels: known.map(({ label }) => label),
    k: wholeNumber('--k', flags.k),
  })
  const items = Array.from(values, (value, row) => ({
    id: pool.ids?.[row] ?? String(row),
    group: trainLabels[row] ?? null,
    value,
  }))
  return {
    items: items.sort((a, b) => b.value - a.value),
    groups: groupSums(values, trainLabels),
    utility,
    queries: known.length,
    unlabelled: queries.rows - known.length,
  }
}

function labelsOf({ groups }: FeatureSource, field: string): readonly (string | null)[] {
  const labels = groups.get(field)
  if (labels !== undefined) return labels
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `These pictures have no label ${JSON.stringify(field)}.`,
    value: field,
    remedy: `Name one that they have (${[...groups.keys()].join(', ') || 'none'}), or add it by --labels.`,
  })
}

function tell(
  { items, groups, utility, queries, unlabelled }: Valued,
  {
    flags,
    top,
    failures,
  }: {
    readonly flags: ShapleyFlags
    readonly top: number
    readonly failures: readonly ItemFailure[]
  },
): void {
  if (flags.json) {
    printJson({ groupBy: flags.groupBy, utility, queries, unlabelled, groups, items, failures })
    return
  }
  tellFailures(failures)
  if (unlabelled > 0) process.stderr.write(`${unlabelled} queries without a label are left out\n`)
  const shown = groups
    .slice(0, top)
    .map(({ group, value, items: count }) => [
      printable(group),
      value.toPrecision(3),
      `${count} pictures`,
    ])
  process.stdout.write(table(shown))
  process.stdout.write(
    `\n${(utility * 100).toFixed(1)} % of the nearest share the label of their query\n`,
  )
}

import { resolve } from 'node:path'
import { collectFeatures } from '@assay/attribution'
import { rankItems, teacherAgreement } from '@assay/attribution/gradients'
import {
  openFeatures,
  readRankings,
  readScoreMatrix,
  writeDistilledRanker,
} from '@assay/attribution/node'
import {
  type DistillationResult,
  distillRanker,
  type TaughtQueries,
} from '@assay/attribution/train'
import { formatFigure } from '@assay/audit'
import { AssayError, createRandom, type Matrix, selectRows } from '@assay/core'
import { cosines } from '../../attribution/cosines.js'
import { type CommandSession, type SessionFlags, withSession } from '../../command-session.js'
import { exitCode } from '../../exit-code.js'
import { decimalNumber, wholeNumber } from '../../flag-values.js'
import { printJson } from '../../print-json.js'

interface DistillFlags extends SessionFlags {
  readonly scores?: string
  readonly rowsAre: string
  readonly negate?: boolean
  readonly rankings?: string
  readonly holdOut: string
  readonly k: string
  readonly epochs: string
  readonly seed: string
  readonly out: string
}

/** `assay attribution distill`: a slow method's rankings, taught to embeddings. */
export function distillCommand(
  trainPath: string,
  queryPath: string,
  flags: DistillFlags,
): Promise<number> {
  const settings = {
    epochs: wholeNumber('--epochs', flags.epochs),
    seed: wholeNumber('--seed', flags.seed),
  }
  const k = wholeNumber('--k', flags.k)
  const share = decimalNumber('--hold-out', flags.holdOut)
  return withSession(flags, async (session) => {
    const { engine, signal, progress } = session
    const train = await featuresAt(trainPath, session)
    const queries = await featuresAt(queryPath, session)
    const rankings = await teacherOf(flags)
    const { taught, held } = split({ queries, rankings }, { share, seed: settings.seed })
    const result = await distillRanker({
      ...{ engine, train, signal, ...settings, ...taught },
      validation: { ...held, k },
      onEpoch: ({ epoch }) =>
        progress({ task: 'distil the ranker', done: epoch, total: settings.epochs }),
    })
    const scores = await cosines(held.queries, train, session)
    const before = teacherAgreement({
      scores: { ...scores, queryIds: null, trainIds: null },
      rankings: held.rankings,
      k,
    })
    await writeDistilledRanker(resolve(flags.out), result.ranker)
    session.endProgress()
    tell(flags, result, { before, k })
    return exitCode.ok
  })
}

const featuresAt = async (path: string, { use, signal }: CommandSession): Promise<Matrix> =>
  collectFeatures(use(await openFeatures(resolve(path))), { signal })

/** The teacher's ranking for each query. */
async function teacherOf(flags: DistillFlags): Promise<TaughtQueries['rankings']> {
  const { scores: file, rankings, rowsAre, negate = false } = flags
  if (rankings !== undefined) return readRankings(resolve(rankings))
  if (file === undefined || (rowsAre !== 'query' && rowsAre !== 'train')) {
    throw new AssayError({
      code: 'CONFIG_MISSING',
      message: file === undefined ? 'There is no teacher.' : `--rows-are ${rowsAre} is neither.`,
      value: file === undefined ? null : rowsAre,
      remedy: 'Give --scores with --rows-are query or train, or --rankings.',
    })
  }
  const { data, rows, columns } = await readScoreMatrix(resolve(file), { rowsAre, negate })
  return Array.from({ length: rows }, (_, row) =>
    rankItems(data.subarray(row * columns, (row + 1) * columns)),
  )
}

/** Queries to learn from, and those that tell how well. */
function split(
  { queries, rankings }: TaughtQueries,
  { share, seed }: { readonly share: number; readonly seed: number },
): { readonly taught: TaughtQueries; readonly held: TaughtQueries } {
  const order = createRandom(seed).shuffle(Array.from({ length: queries.rows }, (_, row) => row))
  const count = Math.round(share * queries.rows)
  if (rankings.length !== queries.rows || count < 1 || count >= queries.rows) {
    throw new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `${rankings.length} rankings for ${queries.rows} queries, of which ${count} are held out.`,
      value: [rankings.length, queries.rows, count],
      remedy: 'Give a ranking for each query, and hold out some of them but not all.',
    })
  }
  const part = (rows: readonly number[]): TaughtQueries => ({
    queries: selectRows(queries, rows),
    rankings: rows.map((row) => rankings[row] ?? []),
  })
  return { taught: part(order.slice(count)), held: part(order.slice(0, count)) }
}

function tell(
  { json, out }: DistillFlags,
  { ranker, epoch, epochs }: DistillationResult,
  { before, k }: { readonly before: ReturnType<typeof teacherAgreement>; readonly k: number },
): void {
  const kept = epochs.find((each) => each.epoch === epoch)?.validation?.agreement ?? null
  if (json) {
    const { fingerprint, expects } = ranker
    printJson({ out, fingerprint, expects, epoch, epochs, untuned: before })
    return
  }
  const figure = (value: number | undefined) =>
    value === undefined ? '–' : formatFigure(value, 'share')
  process.stdout.write(
    `${out}: ranker of epoch ${epoch} of ${epochs.length}\n` +
      `mAP(${k}) against the teacher on held-out queries: ${figure(before.mean)} by cosine before, ${figure(kept?.mean)} after, ${figure(before.chance)} by chance\n`,
  )
}

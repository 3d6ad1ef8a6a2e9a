import type { AttributionHead } from '@assay/attribution'
import {
  compareMethods,
  type ExemplarEvaluation,
  evaluateExemplars,
  evaluateLargerSets,
  type LargerSetsResult,
  type MethodComparison,
} from '@assay/attribution/evaluation'
import {
  assertDuplicateFlags,
  describeDuplicates,
  openDuplicates,
  type TreatedDuplicates,
  treatedDuplicates,
} from '../../attribution/duplicates.js'
import { comparisonTable, largerSetsTable } from '../../attribution/evaluation-tables.js'
import { type ExemplarSet, openExemplarSet } from '../../attribution/exemplar-set.js'
import { openTest } from '../../attribution/open-test.js'
import { readHead } from '../../attribution/read-head.js'
import { tuneHead } from '../../attribution/tune-head.js'
import { type CommandSession, type SessionFlags, withSession } from '../../command-session.js'
import { exitCode } from '../../exit-code.js'
import { decimalNumber, numberList, wholeNumber } from '../../flag-values.js'
import { knownModels } from '../../models/known-models.js'
import { printJson } from '../../print-json.js'

interface EvalFlags extends SessionFlags {
  readonly encoder?: readonly string[]
  readonly head?: string
  readonly pool?: string
  readonly train: string
  readonly validate: string
  readonly test: string
  readonly duplicates: string
  readonly cutoffs: string
  readonly epochs: string
  readonly learningRate: string
  readonly seed: string
  readonly largerSets?: boolean
}

/** `assay attribution eval`: encoders before and after tuning, on exemplars that are known. */
export function evalCommand(folder: string | undefined, flags: EvalFlags): Promise<number> {
  assertDuplicateFlags(flags)
  return withSession(flags, async (session) => {
    const results: EncoderResult[] = []
    for (const encoder of flags.encoder ?? (await availableEncoders(folder))) {
      const set = await openExemplarSet({ folder, encoder, pool: flags.pool }, session)
      results.push(await evaluateSet(set, flags, session))
      session.endProgress()
      if (!flags.json) process.stdout.write(reportOf(results.at(-1)))
    }
    if (flags.json) printJson({ encoders: results })
    return exitCode.ok
  })
}

/**
 * Encoders of pictures on this machine; of somebody's own set, whose pictures need not lie with it, the
 * one that made its features.
 */
async function availableEncoders(
  folder: string | undefined,
): Promise<readonly (string | undefined)[]> {
  if (folder !== undefined) return [undefined]
  const here = (await knownModels()).filter(({ state, card }) => {
    return (state === 'built-in' || state === 'pulled') && card.image !== null
  })
  return here.map(({ card }) => card.id)
}

/** What was found for one encoder. */
interface EncoderResult {
  readonly encoder: string | null
  readonly head: {
    readonly fingerprint: string
    /** Steps of the training that made it; null for one that was given. */
    readonly steps: number | null
  }
  readonly poolSize: number
  /** Null where near-duplicates are others. */
  readonly duplicates: TreatedDuplicates | null
  readonly untuned: Pick<ExemplarEvaluation, 'table' | 'warnings'>
  readonly tuned: Pick<ExemplarEvaluation, 'table' | 'warnings'>
  readonly comparison: MethodComparison
  /** Null unless asked for. */
  readonly largerSets: { readonly untuned: Sizes; readonly tuned: Sizes } | null
}

type Sizes = readonly Pick<LargerSetsResult, 'poolSize' | 'table'>[]

async function evaluateSet(
  set: ExemplarSet,
  flags: EvalFlags,
  session: CommandSession,
): Promise<EncoderResult> {
  const { progress, signal } = session
  const cutoffs = numberList('--cutoffs', flags.cutoffs)
  const { models, queries } = await openTest(set, flags.test, session)
  const duplicates = await openDuplicates(set, flags.duplicates)
  const { head, steps } = await headFor(set, flags, session)
  const { exemplars, pool } = set
  const test = { pool, exemplars, queries, cutoffs, models, progress, signal }
  const untuned = await evaluateExemplars({ ...test, ...(duplicates && { duplicates }) })
  const tuned = await evaluateExemplars({ ...test, ...(duplicates && { duplicates }), head })
  const comparison = compareMethods({
    methods: [
      { name: 'untuned', evaluation: untuned },
      { name: 'tuned', evaluation: tuned },
    ],
  })
  const largerSets = flags.largerSets
    ? {
        untuned: sizesOf(await evaluateLargerSets({ ...test, cutoffs: [10] })),
        tuned: sizesOf(await evaluateLargerSets({ ...test, cutoffs: [10], head })),
      }
    : null
  return {
    encoder: set.encoder,
    head: { fingerprint: head.fingerprint, steps },
    poolSize: untuned.poolSize,
    duplicates: duplicates && treatedDuplicates(duplicates),
    untuned: { table: untuned.table, warnings: untuned.warnings },
    tuned: { table: tuned.table, warnings: tuned.warnings },
    comparison,
    largerSets,
  }
}

const sizesOf = (results: readonly LargerSetsResult[]): Sizes =>
  results.map(({ poolSize, table }) => ({ poolSize, table }))

async function headFor(
  set: ExemplarSet,
  { head: file, train, validate, epochs, learningRate, seed }: EvalFlags,
  session: CommandSession,
): Promise<{ readonly head: AttributionHead; readonly steps: number | null }> {
  const given = await readHead(file)
  if (given !== null) return { head: given, steps: null }
  const settings = {
    train,
    validate,
    epochs: wholeNumber('--epochs', epochs),
    learningRate: decimalNumber('--learning-rate', learningRate),
    seed: wholeNumber('--seed', seed),
  }
  const { head, step } = await tuneHead(set, settings, session)
  return { head, steps: step }
}

function reportOf(result: EncoderResult | undefined): string {
  if (result === undefined) return ''
  const { encoder, poolSize, head, comparison, duplicates, tuned, largerSets } = result
  const steps = head.steps === null ? 'head given' : `head of step ${head.steps}`
  const lines = [
    `${encoder ?? 'features as they are'}, ${poolSize} pictures in the pool, ${steps}`,
    ...(duplicates === null ? [] : [describeDuplicates(duplicates)]),
    '',
    comparisonTable(comparison),
    ...tuned.warnings.map(({ count, message }) => `! ${count}: ${message}`),
  ]
  const sizes = largerSets === null ? [] : [largerSetsTable(largerSets)]
  return `${[...lines, ...sizes].join('\n')}\n`
}

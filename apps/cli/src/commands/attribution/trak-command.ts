import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import {
  dasScores,
  dTrakScores,
  type GradientModel,
  type GradientScores,
  rankItems,
  trakScores,
} from '@assay/attribution/gradients'
import { openGradients, openTrakFolder, readVector } from '@assay/attribution/node'
import { engineProducts } from '@assay/attribution/train'
import { AssayError } from '@assay/core'
import { writeNpy } from '@assay/core/formats'
import { writeFileAtomic } from '@assay/store'
import { type SourceFlags, sourceOptions } from '../../attribution/source-options.js'
import { type CommandSession, type SessionFlags, withSession } from '../../command-session.js'
import { exitCode } from '../../exit-code.js'
import { decimalNumber, wholeNumber } from '../../flag-values.js'
import { printJson } from '../../print-json.js'
import { printable, table } from '../../table.js'

interface TrakFlags extends SessionFlags, Pick<SourceFlags, 'columns' | 'type'> {
  readonly method: string
  readonly lambda?: string
  readonly outputToLoss?: string
  readonly residuals?: string
  readonly experiment?: string
  readonly top: string
  readonly out?: string
}

const methods = { trak: trakScores, 'd-trak': dTrakScores, das: dasScores } as const

/** `assay attribution trak`: training pictures scored by projected gradients. */
export function trakCommand(
  train: string,
  outputs: string | undefined,
  flags: TrakFlags,
): Promise<number> {
  return withSession(flags, async (session) => {
    const top = wholeNumber('--top', flags.top)
    const score = methodOf(flags.method)
    const models = await openModels(train, outputs, { flags, session })
    const products = session.use(await engineProducts(session.engine))
    const lambda =
      flags.lambda === undefined ? {} : { lambda: decimalNumber('--lambda', flags.lambda) }
    const scored = await score({ models, products, signal: session.signal, ...lambda })
    if (flags.out !== undefined) await writeScores(flags.out, scored)
    session.endProgress()
    tell(flags, scored, top)
    return exitCode.ok
  })
}

function methodOf(name: string): (typeof methods)[keyof typeof methods] {
  const found = Object.entries(methods).find(([method]) => method === name)
  if (found !== undefined) return found[1]
  throw new AssayError({
    code: 'CONFIG_INVALID',
    message: `--method ${name} is no method.`,
    value: name,
    remedy: `Give one of ${Object.keys(methods).join(', ')}.`,
  })
}

/** The models of a folder of TRAK's library, or one model of two files. */
async function openModels(
  train: string,
  outputs: string | undefined,
  { flags, session }: { readonly flags: TrakFlags; readonly session: CommandSession },
): Promise<readonly GradientModel[]> {
  const { experiment, outputToLoss, residuals } = flags
  if (outputs !== undefined) {
    const { raw } = sourceOptions(flags)
    const open = async (path: string) => ({
      rows: session.use(await openGradients(resolve(path), raw ? { raw } : {})),
      projection: null,
    })
    const model: GradientModel = {
      id: 'model',
      train: await open(train),
      query: await open(outputs),
      ...(outputToLoss !== undefined && { outputToLoss: await readVector(resolve(outputToLoss)) }),
      ...(residuals !== undefined && { residuals: await readVector(resolve(residuals)) }),
    }
    return [model]
  }
  if (!(await stat(train).catch(() => null))?.isDirectory()) {
    throw new AssayError({
      code: 'CONFIG_MISSING',
      message: `${train} is no folder of TRAK's library, and no gradients of outputs are given.`,
      value: train,
      remedy: 'Name both files of gradients, or the save_dir of a TRAKer.',
      location: { file: train },
    })
  }
  const folder = await openTrakFolder(
    resolve(train),
    experiment === undefined ? {} : { experiment },
  )
  return session.use(folder).models
}

async function writeScores(path: string, { scores }: GradientScores): Promise<void> {
  const { data, rows, columns } = scores
  await writeFileAtomic(resolve(path), writeNpy({ type: 'float64', dims: [rows, columns], data }))
}

function tell({ json, out, method }: TrakFlags, scored: GradientScores, top: number): void {
  const { scores, models, warnings } = scored
  const { rows, columns, queryIds, trainIds } = scores
  const outputs = Array.from({ length: rows }, (_, row) => {
    const values = scores.data.subarray(row * columns, (row + 1) * columns)
    const matches = Array.from(rankItems(values).subarray(0, top), (item, place) => ({
      id: trainIds?.[item] ?? String(item),
      rank: place + 1,
      score: values[item] ?? null,
    }))
    return { query: queryIds?.[row] ?? String(row), matches }
  })
  if (json) {
    printJson({
      method,
      out: out ?? null,
      queries: rows,
      train: columns,
      models,
      outputs,
      warnings,
    })
    return
  }
  for (const { query, matches } of outputs) {
    const shown = matches.map(({ id, rank, score }) => [
      `  ${rank}`,
      printable(id),
      score === null ? '–' : score.toPrecision(4),
    ])
    process.stdout.write(`${printable(query)}\n${table(shown)}\n`)
  }
  for (const { model, count, message } of warnings) {
    process.stderr.write(`! ${printable(model)}, ${count}: ${message}\n`)
  }
  if (out !== undefined) process.stdout.write(`All scores: ${out}\n`)
}

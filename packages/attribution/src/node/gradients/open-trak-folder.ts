import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AssayError } from '@assay/core'
import { readJson } from '@assay/store'
import type { GradientModel, ProjectionRecord } from '../../gradients/gradient-set.js'
import { type GradientFile, openGradients } from './open-gradients.js'
import { readVector } from './read-array.js'

/** What is read of a folder of TRAK. */
export interface OpenTrakFolderOptions {
  /** Name of the experiment whose targets are the queries. Default: the only one. */
  readonly experiment?: string
  /** Models to read. Default: all that are finished. */
  readonly models?: readonly number[]
}

/** The gradients that TRAK's library kept. Close them when they are no longer read. */
export interface TrakFolder {
  /** One a checkpoint, with Q. */
  readonly models: readonly GradientModel[]
  readonly experiment: string
  /** Names of all experiments. */
  readonly experiments: readonly string[]
  /** Checkpoints that the library had not finished, which are left out. */
  readonly unfinished: readonly number[]
  /** Where the library puts its own scores, a row a training picture; there may be none yet. */
  readonly scores: string
  close(): Promise<void>
}

type Values = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const malformed = (file: string, reason: string, value: unknown) =>
  new AssayError({
    code: 'MALFORMED_METADATA',
    message: `${file} ${reason}.`,
    value,
    remedy: 'Name the save_dir of a TRAKer that has finished featurizing and scoring.',
    location: { file },
  })

async function readObject(file: string): Promise<Values> {
  const value = await readJson(file)
  if (isObject(value)) return value
  throw malformed(file, 'is no JSON object', value)
}

/**
 * Opens the `save_dir` of TRAK's library: `metadata.json`, and for each checkpoint `grads.mmap`,
 * `EXPERIMENT_grads.mmap` and `out_to_loss.mmap`, which are npy files. The library does not keep the seed of
 * its projection. Before it solves, it divides gradients by the square root of the number p of parameters;
 * these files have them before that, so that its λ is ours divided by p.
 *
 * @throws AssayError `MALFORMED_METADATA`, `SHAPE_MISMATCH` (files that contradict it), `INVALID_ARGUMENT` (no
 *   such experiment or model), `EMPTY_INPUT` (no finished model), and as `openGradients` and `readVector` do
 */
export async function openTrakFolder(
  folder: string,
  options: OpenTrakFolderOptions = {},
): Promise<TrakFolder> {
  const { projection, trainRows } = await describe(join(folder, 'metadata.json'))
  const experiments = await readObject(join(folder, 'experiments.json'))
  const experiment = chosenExperiment(folder, experiments, options.experiment)
  const { finished, unfinished } = await modelsOf(folder, options.models)
  const opened: GradientFile[] = []
  const openRows = async (path: string, rows: number | null) => {
    const file = await openGradients(path)
    opened.push(file)
    assertShape(path, file, { rows, columns: projection.dimension })
    return { rows: file, projection }
  }
  const close = async () => {
    for (const file of opened) await file.close()
  }
  try {
    const models: GradientModel[] = []
    for (const model of finished) {
      const path = (name: string) => join(folder, String(model), name)
      models.push({
        id: String(model),
        train: await openRows(path('grads.mmap'), trainRows),
        query: await openRows(path(`${experiment}_grads.mmap`), null),
        outputToLoss: await readVector(path('out_to_loss.mmap')),
      })
    }
    const scores = join(folder, 'scores', `${experiment}.mmap`)
    return { models, experiment, experiments: Object.keys(experiments), unfinished, scores, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function describe(file: string) {
  const metadata = await readObject(file)
  const [dimension, trainRows] = [metadata['JL dimension'], metadata['train set size']].map(Number)
  if (!Number.isSafeInteger(dimension) || !Number.isSafeInteger(trainRows)) {
    throw malformed(file, 'has no "JL dimension" or no "train set size"', metadata)
  }
  const type = metadata['JL matrix type']
  const projection: ProjectionRecord = {
    dimension: dimension as number,
    type: typeof type === 'string' ? type : null,
    ...{ seed: null, output: null, timesteps: null, normalized: null },
  }
  return { projection, trainRows: trainRows as number }
}

function chosenExperiment(folder: string, experiments: Values, wanted: string | undefined): string {
  const names = Object.keys(experiments)
  const name = wanted ?? (names.length === 1 ? names[0] : undefined)
  if (name !== undefined && names.includes(name)) return name
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${folder} has ${wanted === undefined ? `${names.length} experiments` : `no experiment ${JSON.stringify(wanted)}`}.`,
    value: wanted,
    remedy: `Name one of its experiments: ${names.join(', ') || 'it has none'}.`,
    location: { file: folder },
  })
}

/** Checkpoints by what `id_N.json` says of them. */
async function modelsOf(folder: string, wanted: readonly number[] | undefined) {
  const names = (await readdir(folder)).filter((name) => /^id_\d+\.json$/.test(name))
  const states = new Map<number, boolean>()
  for (const name of names) {
    const file = join(folder, name)
    for (const [id, state] of Object.entries(await readObject(file))) {
      if (!isObject(state)) throw malformed(file, `says nothing of model ${id}`, state)
      states.set(Number(id), Number(state['is_finalized']) === 1)
    }
  }
  const chosen = wanted ?? [...states.keys()].sort((a, b) => a - b)
  const finished = chosen.filter((id) => states.get(id) === true)
  const unfinished = chosen.filter((id) => states.get(id) !== true)
  if (finished.length > 0 && (wanted === undefined || unfinished.length === 0)) {
    return { finished, unfinished }
  }
  throw new AssayError({
    code: wanted === undefined ? 'EMPTY_INPUT' : 'INVALID_ARGUMENT',
    message: `${folder} has no finished model${wanted ? ` ${unfinished.join(', ')}` : ''}.`,
    value: unfinished,
    remedy: 'Call finalize_features for each model first.',
    location: { file: folder },
  })
}

function assertShape(
  path: string,
  file: GradientFile,
  wanted: { readonly rows: number | null; readonly columns: number },
): void {
  const rows = wanted.rows ?? file.rows
  if (file.rows === rows && file.columns === wanted.columns) return
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `${path} holds ${file.rows} × ${file.columns} numbers; metadata.json says ${rows} × ${wanted.columns}.`,
    value: [file.rows, file.columns],
    remedy: 'Do not mix files of two runs of TRAK.',
    location: { file: path },
  })
}

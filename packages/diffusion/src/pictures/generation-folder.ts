import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AssayError } from '@assay/core'
import { acquireLock, openJournal, readJson, sha256File, writeFileAtomic } from '@assay/store'
import { type GenerationPlan, storedPlanSchema } from './generation-plan.js'
import type { PictureRow, RejectedRow } from './picture-row.js'

/** Names of the files beside the pictures. */
const planFile = 'generation.json'
const journalFile = 'generation.jsonl'
const lockFile = 'generation.lock'
const metadataFile = 'metadata.jsonl'
const rejectedFile = 'rejected.jsonl'

/** A picture that is done, one record of the journal. */
export interface FinishedPicture {
  /** Number of its request in the plan. */
  readonly request: number
  readonly row: PictureRow | RejectedRow
}

/** A locked folder of generated pictures. */
export interface GenerationFolder {
  /** What earlier runs of the same plan have finished and nobody has changed since. */
  readonly finished: readonly FinishedPicture[]
  /** Keeps a picture, with its file where it is one: whole or not at all. */
  keep(picture: FinishedPicture, file: Uint8Array | null): Promise<void>
  /** Writes the files that tell of all pictures and refusals. */
  tell(rows: {
    readonly pictures: readonly PictureRow[]
    readonly rejected: readonly RejectedRow[]
  }): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the folder of a plan, made where there is none.
 *
 * @throws AssayError `RUN_MISMATCH` for a folder of another plan or with other files in it, `LOCKED`
 *   while another process draws into it, `FILE_WRITE_FAILED`, `JOURNAL_CORRUPT`
 */
export async function openGenerationFolder(
  folder: string,
  plan: GenerationPlan,
): Promise<GenerationFolder> {
  await makeFolder(folder)
  const lock = await acquireLock(join(folder, lockFile))
  try {
    await settlePlan(folder, plan)
    const records: FinishedPicture[] = []
    const journal = await openJournal(join(folder, journalFile), {
      // Its checksum says that the line is ours.
      replay: ({ record }) => void records.push(record as FinishedPicture),
    })
    return {
      finished: await unchanged(folder, records),
      async keep(picture, file) {
        const { row } = picture
        if (row.outcome === 'image' && file) {
          await writeFileAtomic(join(folder, row.file_name), file)
        }
        journal.append(picture)
      },
      async tell({ pictures, rejected }) {
        await writeFileAtomic(join(folder, metadataFile), linesOf(pictures))
        if (rejected.length === 0) return
        await writeFileAtomic(join(folder, rejectedFile), linesOf(rejected))
      },
      async close() {
        try {
          await journal.close()
        } finally {
          lock.release()
        }
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

const linesOf = (rows: readonly unknown[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('')

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (cause) {
    throw new AssayError({
      code: 'FILE_WRITE_FAILED',
      message: `The folder ${folder} cannot be made: ${(cause as NodeJS.ErrnoException).code}.`,
      value: folder,
      remedy: 'Name a folder that this user may write to.',
      location: { file: folder },
      cause,
    })
  }
}

/** Writes the plan into a folder where nothing was drawn yet, or finds it there. */
async function settlePlan(folder: string, plan: GenerationPlan): Promise<void> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'))
  const isPlanned = names.includes(planFile)
  const own = isPlanned ? [planFile, journalFile, metadataFile] : []
  const other = names.find((name) => !own.includes(name) && !name.startsWith(lockFile))
  if (isPlanned && (other !== undefined || (await hasRecords(folder)))) {
    return assertSamePlan(folder, plan)
  }
  if (other !== undefined) {
    throw mismatch(folder, `holds ${JSON.stringify(other)} and was not made by a generator`)
  }
  await writeFileAtomic(join(folder, planFile), `${JSON.stringify(plan, null, 2)}\n`)
}

const hasRecords = (folder: string): Promise<boolean> =>
  stat(join(folder, journalFile)).then(
    ({ size }) => size > 0,
    () => false,
  )

async function assertSamePlan(folder: string, plan: GenerationPlan): Promise<void> {
  const stored = storedPlanSchema.safeParse(await readJson(join(folder, planFile)))
  if (!stored.success) throw mismatch(folder, `has a ${planFile} that cannot be read`)
  const { id, generator, fingerprint } = stored.data
  if (id === plan.id) return
  if (generator !== plan.generator) {
    throw mismatch(folder, `was drawn into by ${generator}, not by ${plan.generator}`)
  }
  if (fingerprint !== plan.fingerprint) {
    throw mismatch(folder, `was drawn into by another version of ${generator}`)
  }
  throw mismatch(folder, 'belongs to other prompts, seeds or settings')
}

/** Pictures whose file is as it was written, and refusals; of several of one picture the last. */
async function unchanged(
  folder: string,
  records: readonly FinishedPicture[],
): Promise<readonly FinishedPicture[]> {
  const last = new Map(
    records.map((record) => [pictureKey(record.request, record.row.seed), record]),
  )
  const kept: FinishedPicture[] = []
  for (const record of last.values()) {
    const { row } = record
    const hash =
      row.outcome === 'image' && (await sha256File(join(folder, row.file_name)).catch(() => null))
    if (row.outcome === 'rejected' || hash === row.sha256) kept.push(record)
  }
  return kept
}

/** A picture of a plan. */
export const pictureKey = (request: number, seed: number): string => `${request}:${seed}`

const mismatch = (folder: string, reason: string): AssayError =>
  new AssayError({
    code: 'RUN_MISMATCH',
    message: `The folder ${folder} ${reason}.`,
    value: folder,
    remedy: 'Name an empty folder or a new one, or repeat the command that the folder was made by.',
    location: { file: folder },
  })

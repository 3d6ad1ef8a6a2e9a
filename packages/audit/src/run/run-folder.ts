import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AuditResult } from '@assay/core'
import { acquireLock, type Journal, openJournal, writeFileAtomic } from '@assay/store'
import { serializeDocument } from '../document/serialize.js'
import type { RunPlan } from './run-plan.js'

/** A finished step, one line of the journal. */
type JournalRecord =
  | { readonly kind: 'judged'; readonly result: AuditResult }
  | { readonly kind: 'finished' }

/** The folder of a run: frozen plan, journal, results. */
export interface RunFolder {
  /** Results of audits that an earlier, interrupted run of the same plan had finished. */
  readonly judged: ReadonlyMap<string, AuditResult>
  /** Keeps a result: after this resolves it survives any end of the process. */
  keep(result: AuditResult): Promise<void>
  write(name: string, content: string | Uint8Array): Promise<void>
  /** Says that all is written: the next run of the same plan starts over. */
  finish(): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the folder of a run and locks it. The journal of an unfinished run of the same plan is taken
 * up again; any other is dropped: the embeddings are in the cache, so little is lost.
 *
 * @throws AssayError `LOCKED` while another process runs in it
 */
export async function openRunFolder(folder: string, plan: RunPlan): Promise<RunFolder> {
  await mkdir(folder, { recursive: true })
  const lock = await acquireLock(join(folder, 'run.lock'))
  try {
    const { journal, records } = await openPlannedJournal(folder, plan)
    return runFolder(folder, { journal, records, release: () => lock.release() })
  } catch (error) {
    lock.release()
    throw error
  }
}

interface OpenedJournal {
  readonly journal: Journal
  /** What an earlier process had written. */
  readonly records: readonly JournalRecord[]
}

async function openPlannedJournal(folder: string, plan: RunPlan): Promise<OpenedJournal> {
  const path = join(folder, 'journal.jsonl')
  if ((await plannedId(folder)) === plan.id) {
    const opened = await replayed(path)
    if (!opened.records.some(({ kind }) => kind === 'finished')) return opened
    await opened.journal.close()
  }
  await rm(path, { force: true })
  await writeFileAtomic(join(folder, 'run.json'), serializeDocument(plan))
  return replayed(path)
}

async function replayed(path: string): Promise<OpenedJournal> {
  const records: JournalRecord[] = []
  const journal = await openJournal(path, {
    // Its checksum says that the line is ours.
    replay: ({ record }) => void records.push(record as JournalRecord),
  })
  return { journal, records }
}

/** Id of the plan that the folder was made for; null where there is none or it cannot be read. */
async function plannedId(folder: string): Promise<string | null> {
  try {
    const plan: unknown = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8'))
    return (plan as RunPlan).id
  } catch {
    return null
  }
}

function runFolder(
  folder: string,
  { journal, records, release }: OpenedJournal & { readonly release: () => void },
): RunFolder {
  const record = (entry: JournalRecord) => {
    journal.append(entry)
    return journal.flush()
  }
  const results = records.flatMap((entry) => (entry.kind === 'judged' ? entry.result : []))
  return {
    judged: new Map(results.map((result) => [result.id, result])),
    keep: (result) => record({ kind: 'judged', result }),
    write: (name, content) => writeFileAtomic(join(folder, name), content),
    finish: () => record({ kind: 'finished' }),
    async close() {
      await journal.close()
      release()
    },
  }
}

import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AuditResult } from '@assay/core'
import { acquireLock, type Journal, openJournal, writeFileAtomic } from '@assay/store'
import { serializeDocument } from '../document/serialize.js'

/** What a run is fixed to: equal plans have equal ids. */
export interface RunPlan {
  /** Hash of all that follows. */
  readonly id: string
  readonly config: Readonly<Record<string, unknown>>
  readonly inputs: readonly { readonly set: string; readonly sha256: string }[]
}

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
    const journal = await openPlannedJournal(folder, plan)
    return runFolder(folder, journal, () => lock.release())
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function openPlannedJournal(folder: string, plan: RunPlan): Promise<Journal<JournalRecord>> {
  const path = join(folder, 'journal.jsonl')
  if ((await plannedId(folder)) === plan.id) {
    const journal = await openJournal<JournalRecord>(path)
    if (!journal.records.some(({ kind }) => kind === 'finished')) return journal
    await journal.close()
  }
  await rm(path, { force: true })
  await writeFileAtomic(join(folder, 'run.json'), serializeDocument(plan))
  return openJournal<JournalRecord>(path)
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
  journal: Journal<JournalRecord>,
  release: () => Promise<void>,
): RunFolder {
  const record = async (entry: JournalRecord) => {
    await journal.append(entry)
    await journal.flush()
  }
  const results = journal.records.flatMap((entry) => (entry.kind === 'judged' ? entry.result : []))
  return {
    judged: new Map(results.map((result) => [result.id, result])),
    keep: (result) => record({ kind: 'judged', result }),
    write: (name, content) => writeFileAtomic(join(folder, name), content),
    finish: () => record({ kind: 'finished' }),
    async close() {
      await journal.close()
      await release()
    },
  }
}

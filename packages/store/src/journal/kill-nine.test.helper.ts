import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom } from '@assay/core'
import { startChild } from '../test-support/child-process.test.helper.js'
import { openJournal } from './open-journal.js'

/** What a round of killing a writer showed. */
export interface KillReport {
  /** Records that the writer said it had written, over all kills. */
  readonly acknowledged: number
  /** Of those, the ones that were not in the journal afterwards. */
  readonly lost: number
  /** Kills after which the journal had a torn last line. */
  readonly torn: number
  /** Records in the journal at the end. */
  readonly records: number
}

/**
 * Lets a process append to the journal at `path`, kills it at a random moment, opens the journal, and
 * starts over with the same file.
 */
export async function killWriters(path: string, kills: number, seed: number): Promise<KillReport> {
  const random = createRandom(seed)
  let acknowledged = 0
  let lost = 0
  let torn = 0
  let records = 0
  for (let kill = 0; kill < kills; kill++) {
    const child = startChild('journal', path)
    await child.printed(';')
    await sleep(random.uniform() * 60)
    child.process.kill('SIGKILL')
    await child.ended()
    // The last number may itself be cut off; only what a `;` ends was said.
    const said = [...child.output().matchAll(/(\d+);/g)].map(([, number]) => Number(number))
    const found = new Set<number>()
    const replay = ({ record }: { record: unknown }) => {
      found.add((record as { number: number }).number)
    }
    const journal = await openJournal(path, { replay })
    acknowledged += said.length
    lost += said.filter((number) => !found.has(number)).length
    torn += journal.tornBytes > 0 ? 1 : 0
    records = journal.records
    await journal.close()
    if (readFileSync(path).at(-1) !== 0x0a) lost++
  }
  return { acknowledged, lost, torn, records }
}

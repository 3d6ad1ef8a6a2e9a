import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { drawJobs } from './draw-jobs.mjs'

const module = new URL('./__fixtures__/square-drawer.mjs', import.meta.url).href
const runner = fileURLToPath(new URL('./__fixtures__/run-draw-jobs.mjs', import.meta.url))
const jobs = Array.from({ length: 12 }, (_, number) => ({ id: `job ${number}`, number }))
const squares = new Map(jobs.map(({ id, number }) => [id, { square: number ** 2 }]))

interface Note {
  readonly pid: number
  readonly began?: boolean
  readonly drew?: string
  readonly ended?: boolean
}

/** The options of a run in an empty folder, and what its drawers noted there. */
function runIn(
  folder: string,
  setup: { readonly milliseconds?: number; readonly broken?: string },
) {
  const log = join(folder, 'log.jsonl')
  const notes = async () =>
    (await readFile(log, 'utf8').catch(() => ''))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Note)
  return {
    options: { jobs, journal: join(folder, 'journal'), module, setup: { log, ...setup } },
    notes,
    drawn: async () => (await notes()).flatMap(({ drew }) => drew ?? []),
    /** Resolves when no process that drew is left; fails where one stays. */
    ended: () =>
      vi.waitFor(
        async () => {
          const left = (await notes()).filter(({ began, pid }) => began && isAlive(pid))
          const told = new Set((await notes()).flatMap(({ ended, pid }) => (ended ? [pid] : [])))
          expect(left.filter(({ pid }) => !told.has(pid))).toEqual([])
        },
        { timeout: 10_000, interval: 20 },
      ),
    mend: () => writeFile(`${log}.mended`, ''),
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Runs the jobs in a process of its own, which is killed after so many results. */
function killedAfter(results: number, options: object): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [runner, JSON.stringify(options), String(results)], {
    stdio: 'inherit',
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (_, signal) => resolve(signal))
  })
}

describe('drawJobs', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'draw-jobs-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it.each([1, 3])('draws every job once, in %i processes, and ends them', async (workers) => {
    const { options, notes, drawn, ended } = runIn(folder, {})
    const told: number[] = []
    const onResult = ({ done, total }: { done: number; total: number }) => told.push(done, total)
    const results = await drawJobs({ ...options, workers, onResult })
    expect([...results]).toEqual([...squares])
    expect((await drawn()).sort()).toEqual([...squares.keys()].sort())
    expect(told).toEqual(jobs.flatMap((_, at) => [at + 1, jobs.length]))
    expect((await notes()).filter(({ began }) => began)).toHaveLength(workers)
    await ended()
  })

  it('goes on after a kill in the middle, with the same results and nothing drawn twice that was told', async () => {
    const { options, drawn, ended } = runIn(folder, { milliseconds: 20 })
    expect(await killedAfter(4, { ...options, workers: 2 })).toBe('SIGKILL')
    await ended()
    const before = await drawn()
    expect(before.length).toBeGreaterThanOrEqual(4)
    expect(before.length).toBeLessThan(jobs.length)

    const added: string[] = []
    const onResult = ({ job }: { job: { id: string } }) => added.push(job.id)
    const results = await drawJobs({ ...options, workers: 1, onResult })
    expect([...results]).toEqual([...squares])
    const after = (await drawn()).slice(before.length)
    expect(after).toEqual(added)
    expect(after.length).toBeLessThanOrEqual(jobs.length - 4)
    // At the kill each process may have had one job in hand.
    expect(before.length + after.length).toBeLessThanOrEqual(jobs.length + 2)
    await ended()

    expect([...(await drawJobs({ ...options, workers: 2 }))]).toEqual([...squares])
    expect(await drawn()).toHaveLength(before.length + after.length)
  })

  it.each([
    ['job', /job 5: RangeError: too large to square/],
    ['process', /ended with SIGKILL at job 5/],
  ])('tells of a %s that fails, ends the others, keeps what was drawn', async (broken, message) => {
    const { options, drawn, ended, mend } = runIn(folder, { broken, milliseconds: 20 })
    await expect(drawJobs({ ...options, workers: 2 })).rejects.toThrow(message)
    await ended()
    const before = await drawn()
    expect(before.length).toBeLessThan(jobs.length)

    await mend()
    expect([...(await drawJobs({ ...options, workers: 2 }))]).toEqual([...squares])
    const again = (await drawn()).slice(before.length)
    expect(again).toContain('job 5')
    // Job 5 is handed out when four of the jobs before it are done.
    expect(again.length).toBeLessThanOrEqual(jobs.length - 4)
  })

  it('tells where no process can begin', async () => {
    const { options } = runIn(folder, { broken: 'at the start' })
    await expect(drawJobs(options)).rejects.toThrow(/start: TypeError: nothing to draw with/)
  })

  it('refuses the journal of another plan', async () => {
    const { options } = runIn(folder, {})
    await drawJobs(options)
    const other = { ...options, jobs: jobs.slice(1) }
    await expect(drawJobs(other)).rejects.toThrow(/belongs to another plan/)
  })
})

// Draws many pictures in child processes, each result kept at once, so that a run that was stopped goes on.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { acquireLock, openJournal, sha256 } from '../../../packages/store/dist/index.js'

const worker = fileURLToPath(new URL('./draw-worker.mjs', import.meta.url))

/**
 * Does every job that the journal does not hold yet, and resolves to the results of all, by job id.
 *
 * The journal is of the package store: a record that is in it survives a killed process, and a torn last line
 * is cut off when it is opened again. Its first record is the plan's fingerprint: another plan is refused.
 * A picture depends on its job alone, so that neither their number nor a stop changes a result.
 *
 * @param jobs     objects with a unique `id` that can be told as JSON; they are handed out in order
 * @param journal  path of the file that keeps the results; removed by hand once they are no longer needed
 * @param module   URL of a module whose `openDrawer(setup)` resolves to `async (job) => result`, a JSON value
 * @param setup    what `openDrawer` is given in every process, a JSON value
 * @param workers  processes; default 2
 * @param onResult told of each new result: `({ done, total, job, result })`
 */
export async function drawJobs({ jobs, journal: path, module, setup, workers = 2, onResult }) {
  const lock = await acquireLock(`${path}.lock`)
  try {
    const results = new Map()
    const journal = await openJournal(path, { replay: ({ record }) => results.set(...record) })
    try {
      assertPlan(journal, results, sha256(JSON.stringify([setup, jobs])))
      const open = jobs.filter(({ id }) => !results.has(id))
      const keep = (job, result) => {
        journal.append([job.id, result])
        results.set(job.id, result)
        onResult?.({ done: results.size, total: jobs.length, job, result })
      }
      await shareOut({ open, keep, module, setup, workers })
    } finally {
      await journal.close()
    }
    return new Map(jobs.map(({ id }) => [id, results.get(id)]))
  } finally {
    await lock.release()
  }
}

/** The plan is kept under a key that no job may have, and not counted among the results. */
function assertPlan(journal, results, plan) {
  const known = results.get('')
  if (known === undefined) journal.append(['', plan])
  else if (known !== plan) {
    throw new Error(`${journal.path} belongs to another plan: remove it, or name another journal`)
  }
  results.delete('')
}

/** Gives each process the next open job as soon as it has none. */
async function shareOut({ open, keep, module, setup, workers }) {
  const children = []
  const queue = open.values()
  const serve = () =>
    new Promise((resolve, reject) => {
      const child = fork(worker, [String(module), JSON.stringify(setup ?? null)])
      children.push(child)
      let job = null
      child.on('message', ({ result, error }) => {
        if (error !== undefined) return reject(new Error(`${job?.id ?? 'start'}: ${error}`))
        if (job !== null) keep(job, result)
        job = queue.next().value ?? null
        if (job !== null) child.send(job)
        else child.disconnect()
      })
      child.on('error', reject)
      child.on('exit', (code, signal) =>
        code === 0 && job === null
          ? resolve()
          : reject(new Error(`a drawing process ended with ${signal ?? code} at ${job?.id}`)),
      )
    })
  try {
    await Promise.all(Array.from({ length: Math.min(workers, open.length) }, serve))
  } finally {
    for (const child of children) {
      // After a failure another process may still answer, when the journal is closed.
      child.removeAllListeners('message')
      child.kill()
    }
  }
}

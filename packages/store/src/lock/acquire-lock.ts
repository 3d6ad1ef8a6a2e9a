import { randomBytes } from 'node:crypto'
import { unlinkSync } from 'node:fs'
import { link, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { AssayError } from '@assay/core'
import { isSystemError, writeError } from '../files/file-error.js'
import { replaceFile, temporaryPath } from '../files/replace-file.js'
import { isStale, type LockOwner, readOwner } from './lock-owner.js'
import { ownMark } from './process-mark.js'

/** How a lock is waited for. */
export interface LockOptions {
  /** Seconds to wait for another owner before giving up. Default: 0. */
  readonly wait?: number
  /** Ends the waiting. */
  readonly signal?: AbortSignal
}

/** A lock that is held. */
export interface Lock {
  /** The lock file. */
  readonly path: string
  /** Gives the lock back; a second call does nothing. */
  release(): void
}

const pollMilliseconds = 50
const takeoverSeconds = 2

// What a file system without hard links answers.
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])

/**
 * Puts the file there, unless it is there already. A link gives it name and content in one step, so
 * that no reader meets an empty lock; without links it has its content a moment later.
 */
async function createExclusively(path: string, content: string): Promise<boolean> {
  const temporary = temporaryPath(path)
  try {
    await writeFile(temporary, content, { flag: 'wx' })
    await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
      if (!noLinks.has(error.code ?? '')) throw error
      return writeFile(path, content, { flag: 'wx' })
    })
    return true
  } catch (error) {
    if (isSystemError(error) && error.code === 'EEXIST') return false
    throw error
  } finally {
    // Failing here would leave a lock that nobody knows to hold.
    await rm(temporary, { force: true }).catch(() => {})
  }
}

/**
 * Puts the new owner in the place of a stale one. The guard's name holds the token of the stale
 * owner and only its holder may replace that owner, so of any number of takers one succeeds; the
 * lock file is never away in between.
 */
async function takeOver(path: string, stale: LockOwner, content: string): Promise<boolean> {
  const guard = await acquireLock(`${path}.${stale.token}`, { wait: takeoverSeconds })
  try {
    const now = readOwner(path)
    if (now === null || now === 'nobody' || now.token !== stale.token) return false
    await replaceFile(path, (file) => file.writeFile(content), { sync: false })
    return true
  } finally {
    guard.release()
  }
}

/** Takes the lock and returns true, or says who holds it (null: the file does not say). */
async function tryAcquire(path: string, content: string): Promise<true | LockOwner | null> {
  for (;;) {
    if (await createExclusively(path, content)) return true
    const owner = readOwner(path)
    if (owner === 'nobody') continue
    if (owner === null || !isStale(owner)) return owner
    if (await takeOver(path, owner, content)) return true
  }
}

function hold(path: string, token: string): Lock {
  const release = () => {
    process.off('exit', release)
    const owner = readOwner(path)
    if (owner === null || owner === 'nobody' || owner.token !== token) return
    try {
      unlinkSync(path)
    } catch {
      // The file stays and is stale as soon as this process has ended.
    }
  }
  process.once('exit', release)
  return { path, release }
}

function lockedError(path: string, owner: LockOwner | null): AssayError {
  const who = owner
    ? `process ${owner.pid} on ${owner.host} since ${owner.started}`
    : 'an owner that its lock file does not name'
  return new AssayError({
    code: 'LOCKED',
    message: `${path} is held by ${who}.`,
    value: owner?.pid ?? null,
    remedy: `Wait for it to end, or stop it. If no such process is left, delete ${path}.`,
    location: { file: path },
  })
}

const aborted = (path: string, cause: unknown) =>
  new AssayError({
    code: 'ABORTED',
    message: `Waiting for ${path} was aborted.`,
    remedy: 'Run the same command again.',
    location: { file: path },
    cause,
  })

/**
 * Takes the lock that the file at `path` stands for: exclusive between processes of one machine and,
 * over a file system that they share, between machines. A lock whose owner has died on this machine
 * is taken over; of several takers exactly one succeeds. The lock is given back by `release` and when
 * the process exits; after a kill the file stays and is stale.
 *
 * Containers must not share the lock file under one host name: they cannot see each other's processes.
 *
 * @throws AssayError `LOCKED` with the owner's pid as value, `FILE_WRITE_FAILED`, `ABORTED`
 */
export async function acquireLock(path: string, options: LockOptions = {}): Promise<Lock> {
  const { wait = 0, signal } = options
  const token = randomBytes(16).toString('hex')
  const owner: LockOwner = {
    pid: process.pid,
    host: hostname(),
    started: new Date().toISOString(),
    mark: ownMark(),
    token,
  }
  const deadline = performance.now() + wait * 1000
  try {
    for (;;) {
      const holder = await tryAcquire(path, `${JSON.stringify(owner)}\n`)
      if (holder === true) return hold(path, token)
      if (performance.now() >= deadline) throw lockedError(path, holder)
      await sleep(pollMilliseconds, undefined, signal ? { signal } : {})
    }
  } catch (error) {
    if (signal?.aborted) throw aborted(path, error)
    throw writeError(path, error)
  }
}

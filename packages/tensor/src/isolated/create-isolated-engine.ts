import { availableParallelism } from 'node:os'
import { AssayError, type Engine } from '@assay/core'
import { IsolatedEngine } from './isolated-engine.js'
import { defaultIsolationLimits, type IsolationLimits } from './isolation-limits.js'

/** What an isolated engine may use. */
export interface IsolatedEngineOptions extends Partial<IsolationLimits> {
  /** Threads of each model; runs go one after another. Default: the cores this process may use. */
  readonly threads?: number
}

/**
 * An engine for models that nobody vouches for: each runs in a process of its own, under a ceiling of
 * memory and a deadline, without this process's environment. Whatever a model does, this process gets a
 * result or an error: one that takes too much is `MODEL_RESOURCE_LIMIT`, one that crashes the runtime
 * is `ENGINE_FAILED`, one that names data outside of its folder (or, given as bytes, in any file) is
 * `MODEL_UNSAFE`. The session is then lost, and the next `open` starts anew. A process ends when its
 * session is closed, and when this process ends, however that happens.
 *
 * A process is no sandbox: code that takes over the runtime has the rights of this user.
 *
 * `replicas` is ignored: a model is loaded once, and runs of all models go one after another.
 *
 * @throws AssayError `INVALID_ARGUMENT` for a limit that is not positive
 */
export function createIsolatedEngine({
  threads = availableParallelism(),
  ...given
}: IsolatedEngineOptions = {}): Engine {
  const limits = { ...defaultIsolationLimits, ...given }
  for (const [name, value] of Object.entries({ threads, ...limits })) assertPositive(name, value)
  return new IsolatedEngine(Math.ceil(threads), limits)
}

function assertPositive(name: string, value: number): void {
  // Timers hold no more.
  if (
    value > 0 &&
    value <= Number.MAX_SAFE_INTEGER &&
    (name !== 'seconds' || value < 2 ** 31 / 1000)
  )
    return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The isolated engine cannot have ${value} for ${name}.`,
    value,
    remedy: 'Give a positive number, of seconds at most 24 days.',
  })
}

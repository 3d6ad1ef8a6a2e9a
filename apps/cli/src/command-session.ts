import { openModel } from '@assay/audit'
import { AssayError, type Progress } from '@assay/core'
import type { OpenedEncoder } from '@assay/embed'
import { createEngine, type Device, type NodeEngine } from '@assay/tensor'
import { interruptSignal } from './interrupt.js'
import { places } from './places.js'
import { progressDisplay } from './progress-display.js'

/** Flags that every command has which computes for long. */
export interface SessionFlags {
  readonly device?: Device
  readonly quiet?: boolean
  readonly json?: boolean
}

/** Something that a command opens. */
interface Closable {
  close(): Promise<void>
}

/** What a command works with; all of it ends with the command. */
export interface CommandSession {
  readonly engine: NodeEngine
  readonly progress: Progress
  readonly signal: AbortSignal
  /** Takes the progress off the screen, before something is printed. */
  endProgress(): void
  /** Has something closed with the command; gives it back. */
  use<Resource extends Closable>(resource: Resource): Resource
  /** A model by id or folder, closed with the command. */
  openEncoder(name: string, options?: { readonly normalize?: boolean }): Promise<OpenedEncoder>
}

/**
 * Runs a command with an engine, progress on stderr and an interrupt in order, and ends them after it.
 *
 * @throws AssayError `INVALID_ARGUMENT` for a device that nobody knows, and what the command throws
 */
export async function withSession<Result>(
  flags: SessionFlags,
  run: (session: CommandSession) => Promise<Result>,
): Promise<Result> {
  const engine = createEngine({ device: flags.device ?? 'cpu' }) // Refuses a name that it does not know.
  const display = await progressDisplay({ quiet: flags.quiet === true })
  const interrupt = interruptSignal()
  const { signal } = interrupt
  const models = { modelFolders: places().models, baseFolder: process.cwd() }
  const opened: Closable[] = []
  const use = <Resource extends Closable>(resource: Resource): Resource => {
    opened.push(resource)
    return resource
  }
  try {
    return await run({
      engine,
      signal,
      progress: display.progress,
      endProgress: () => display.end(),
      use,
      openEncoder: async (name, options) =>
        use(await openModel(name, { ...models, engine, signal, ...options })),
    })
  } finally {
    display.end()
    interrupt.release()
    for (const resource of opened.reverse()) await resource.close()
    await engine.close()
  }
}

/** What to throw where a model has no image tower. */
export function embedsNoPictures(id: string): AssayError {
  return new AssayError({
    code: 'MODEL_INCOMPATIBLE',
    message: `${id} embeds no pictures.`,
    value: id,
    remedy: 'Choose another model; `assay models ls` lists them.',
  })
}

import { AssayError, type Engine } from '@assay/core'
import { type OpenEncoderOptions, type OpenedEncoder, openEncoder } from '@assay/embed'
import { createIsolatedEngine } from '@assay/tensor'
import { type FindModelOptions, findModel } from './find-model.js'

/** Where a model is looked for, and what runs it. */
export interface OpenModelOptions extends FindModelOptions {
  /** Runs models whose files are all pinned, by their card or by the lock file of pulled models. */
  readonly engine: Engine
  /** Threads of a model that runs isolated. Default: all cores. */
  readonly threads?: number
  readonly signal?: AbortSignal
}

/**
 * Opens the model of a name. One that has a file of which nobody says what it must be runs isolated: in
 * a process of its own, under a ceiling of memory and a deadline.
 *
 * @throws AssayError `MODEL_UNKNOWN`; as `openEncoder`
 */
export async function openModel(name: string, options: OpenModelOptions): Promise<OpenedEncoder> {
  const { engine, threads, signal } = options
  const { folder, pins } = await findModel(name, options)
  const opening = { folder, pins, ...(signal && { signal }) }
  try {
    return await openEncoder({ ...opening, engine })
  } catch (error) {
    if (!AssayError.isInstance(error) || error.code !== 'MODEL_NOT_PINNED') throw error
    return openIsolated(opening, threads)
  }
}

async function openIsolated(
  opening: Omit<OpenEncoderOptions, 'engine'>,
  threads: number | undefined,
): Promise<OpenedEncoder> {
  const engine = createIsolatedEngine(threads === undefined ? {} : { threads })
  try {
    const encoder = await openEncoder({ ...opening, engine, unpinned: 'allow' })
    const close = async () => {
      await encoder.close()
      await engine.close()
    }
    return { ...encoder, close }
  } catch (error) {
    await engine.close()
    throw error
  }
}

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
  /** Whether embeddings are brought to unit length. Default: true. */
  readonly normalize?: boolean
  readonly signal?: AbortSignal
}

/**
 * Opens the model of a name. One that has a file of which nobody says what it must be runs isolated: in
 * a process of its own, under a ceiling of memory and a deadline, on the CPU alone.
 *
 * @throws AssayError `MODEL_UNKNOWN`; `ENGINE_UNAVAILABLE` where a model that must run isolated is wanted
 *   on another device; as `openEncoder`
 */
export async function openModel(name: string, options: OpenModelOptions): Promise<OpenedEncoder> {
  const { engine, threads, normalize = true, signal } = options
  const { folder, pins } = await findModel(name, options)
  const opening = { folder, pins, normalize, ...(signal && { signal }) }
  try {
    return await openEncoder({ ...opening, engine })
  } catch (error) {
    if (!AssayError.isInstance(error) || error.code !== 'MODEL_NOT_PINNED') throw error
    if (engine.device !== 'cpu') throw notIsolatedOn(engine.device, error)
    return openIsolated(opening, threads)
  }
}

const notIsolatedOn = (device: string, cause: AssayError): AssayError =>
  new AssayError({
    code: 'ENGINE_UNAVAILABLE',
    message: `${cause.message} It would run isolated, and that goes on the cpu only, not on ${device}.`,
    value: device,
    remedy: 'Pull the model, which pins its files, or take the device cpu.',
    cause,
  })

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

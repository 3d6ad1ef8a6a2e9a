import { basename, resolve } from 'node:path'
import { AssayError, type Engine, type EngineSession, type ImageGenerator } from '@assay/core'
import { sha256 } from '@assay/store'
import type { NoiseSource } from '../sampling/noise-source.js'
import { readScheduler } from '../sampling/read-scheduler.js'
import type { Scheduler } from '../sampling/samplers/scheduler.js'
import { assertNotAborted } from '../sampling/sampling-errors.js'
import { seededNoise } from '../sampling/seeded-noise.js'
import { drawPictures } from './draw-pictures.js'
import { incompatible } from './folder/model-errors.js'
import { readModelIndex } from './folder/model-index.js'
import { type PipelineCard, type PipelineFile, readPipelineCard } from './folder/pipeline-card.js'
import { assertUnchanged, hashPipelineFiles } from './folder/pipeline-files.js'
import { readSchedulerConfig } from './folder/read-scheduler-config.js'
import { openParts } from './open-parts.js'
import { pipelineDefaults } from './pipeline-defaults.js'

/** How a pipeline is opened. */
export interface OpenPipelineOptions {
  /** Folder in the layout of diffusers, with a `model.onnx` in each part. */
  readonly folder: string
  /**
   * What runs the graphs; it stays open when the pipeline is closed. For a folder that nobody vouches
   * for, an isolated engine of `@assay/tensor`.
   */
  readonly engine: Engine
  /**
   * What the files must be. A folder's own card guards against damage, not against whoever wrote it.
   * Default: what the folder's `pipeline-card.json` says; without one, nothing is expected
   */
  readonly files?: readonly PipelineFile[]
  /**
   * Class of a sampler that takes the place of the folder's own, with the same settings, for instance
   * `DDIMScheduler`. Default: the one that the folder names
   */
  readonly scheduler?: string
  /** Steps of a request that names none. Default: the card's, else those of diffusers' pipeline class */
  readonly steps?: number
  /** Guidance scale of a request that names none. Default: as for `steps` */
  readonly guidanceScale?: number
  /** Share of fresh noise in DDIM, from 0 to 1. Default: 0 */
  readonly eta?: number
  /** Most pictures that are drawn side by side, at least 1. Default: 4 */
  readonly batchSize?: number
  /** Default: `seededNoise` */
  readonly noise?: NoiseSource
  readonly signal?: AbortSignal
}

/** A pipeline that is ready. */
export interface DiffusionPipeline extends ImageGenerator {
  /** SHA-256 over its files, the sampler, and the engine's device. */
  readonly fingerprint: string
  /** The folder's card, or null where it has none. */
  readonly card: PipelineCard | null
  /** Frees the models' memory; generating throws `ENGINE_CLOSED` afterwards. */
  close(): Promise<void>
}

/**
 * Opens a text-to-image pipeline: Stable Diffusion 1 and 2, SDXL and SD3 as optimum exports them, and
 * pixel-space models of the same inputs. What kind it is is told from the denoiser's inputs. Every file
 * is hashed before a graph opens.
 *
 * Pictures of one request are drawn in batches; picture i has the noise of `seed + i` whatever the
 * batch, so that it comes out the same to within one level of 255 (kernels may sum a batch in another
 * order). A guidance scale up to 1 means none, as in diffusers. A prompt that is cut is told as a
 * warning in the picture's metadata.
 *
 * @throws AssayError `MODEL_FILE_MISSING`, `MODEL_HASH_MISMATCH`, `MODEL_NOT_PINNED`,
 *   `MODEL_INCOMPATIBLE` for a part, scheduler or prediction type that is not supported (saying what to
 *   do), `INVALID_ARGUMENT`, what the engine throws, `ABORTED`. Generating throws `NOT_FINITE` for a
 *   model that gives no numbers, with the model call and the sample
 */
export async function openPipeline(options: OpenPipelineOptions): Promise<DiffusionPipeline> {
  const { engine, signal, noise = seededNoise, eta = 0, batchSize = 4 } = options
  const folder = resolve(options.folder)
  assertNotAborted(signal)
  assertBatchSize(batchSize)
  const index = await readModelIndex(folder)
  const card = await readPipelineCard(folder)
  const files = await hashPipelineFiles(folder, index, options.files ?? card?.files ?? null)
  const scheduler = readScheduler(await readSchedulerConfig(folder, options.scheduler))
  const opened: EngineSession[] = []
  const close = async () => {
    await Promise.all(opened.map((session) => session.close()))
  }
  try {
    const parts = await openParts({ folder, index, engine, signal, opened })
    assertTimestepFits(scheduler, parts.graph.timestep.type, parts.graph.file)
    await assertUnchanged(folder, files)
    const drawing = {
      ...{ parts, scheduler, eta, batchSize, noise },
      emptyPromptIsZero: index.emptyPromptIsZero,
      defaults: pipelineDefaults(index.className, card, options),
    }
    const hashes = files.map(({ path, sha256: hash }) => [path, hash])
    return {
      specificationVersion: 1,
      id: card?.id ?? basename(folder),
      fingerprint: sha256(JSON.stringify([hashes, scheduler.className, eta, engine.device])),
      card,
      generate: (request) => drawPictures(drawing, request),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function assertBatchSize(value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The batch size must be a whole number, at least 1, got ${value}.`,
    value,
    remedy: 'Pass for instance 4.',
  })
}

/** EDM's timestep is ln(sigma) / 4: as a whole number it would say nothing. */
function assertTimestepFits({ parametrization }: Scheduler, type: string, file: string): void {
  if (parametrization.type !== 'edm' || !type.startsWith('int')) return
  throw incompatible({
    file,
    message: `${file} takes the timestep as ${type}, but EDM's timesteps are fractions.`,
    remedy: 'Export it with a float timestep.',
  })
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AssayError, type GeneratedImage, type GenerationRequest } from '@assay/core'
import { createEngine } from '@assay/tensor'
import { type DiffusionPipeline, type OpenPipelineOptions, openPipeline } from '../open-pipeline.js'
import { type PipelineFiles, stableDiffusion15, writePipeline } from './tiny-pipelines.js'

/** An engine, and folders that are gone after `close`. */
export function pipelineKit() {
  const root = mkdtempSync(join(tmpdir(), 'assay-pipeline-'))
  const engine = createEngine({ threads: 1 })
  let folders = 0
  const written = (files: PipelineFiles) => writePipeline(join(root, String(folders++)), files)
  return {
    engine,
    /** Writes a pipeline into a folder of its own. */
    written,
    /** Opens the tiny Stable Diffusion 1.5, or what the options name. */
    open: (options: Partial<OpenPipelineOptions> = {}) =>
      openPipeline({ folder: written(stableDiffusion15()), engine, steps: 3, ...options }),
    async close() {
      await engine.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** Two small pictures of a cat, or what is asked for. */
export const request = { prompt: 'a cat', count: 2, seed: 5, width: 16, height: 16 }

export async function draw(pipeline: DiffusionPipeline, more: Partial<GenerationRequest> = {}) {
  const pictures: GeneratedImage[] = []
  for await (const picture of pipeline.generate({ ...request, ...more })) pictures.push(picture)
  return pictures
}

export const pixels = (pictures: readonly GeneratedImage[]) =>
  pictures.map((picture) => (picture.outcome === 'image' ? [...picture.image.data] : []))

/** Metadata of the first picture. */
export const metadata = ([picture]: readonly GeneratedImage[]) =>
  picture?.outcome === 'image' ? picture.metadata : undefined

/** The AssayError that some work throws. */
export async function thrown(work: () => Promise<unknown>): Promise<AssayError> {
  const error = await work().then(
    () => null,
    (cause: unknown) => cause,
  )
  if (AssayError.isInstance(error)) return error
  throw new Error(`expected an AssayError, got ${String(error)}`)
}

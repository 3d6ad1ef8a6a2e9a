import { existsSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { AssayError, type Engine } from '@assay/core'
import { openPipeline } from '@assay/diffusion'
import { createEngine, createIsolatedEngine } from '@assay/tensor'
import type { GeneratorOptions, OpenedGenerator } from './generator-options.js'

/** Longest loading of a graph and longest model call, in seconds: large models are slow on a CPU. */
const slowestRun = 600

/**
 * Opens a folder in the layout of diffusers. Without a card that says what its files must be, its models
 * run isolated: in processes of their own, under a ceiling of memory and a deadline, on the CPU.
 *
 * @throws AssayError `ENGINE_UNAVAILABLE` where a folder without card is wanted on another device; as
 *   `openPipeline`
 */
export async function openPipelineFolder(
  folder: string,
  { device = 'cpu', signal }: GeneratorOptions,
): Promise<OpenedGenerator> {
  const isPinned = existsSync(join(folder, 'pipeline-card.json'))
  if (!isPinned && device !== 'cpu') throw notIsolatedOn(device, folder)
  const engine = isPinned ? createEngine({ device }) : isolatedEngine()
  try {
    const pipeline = await openPipeline({ folder, engine, ...(signal && { signal }) })
    return {
      generator: pipeline,
      async close() {
        await pipeline.close()
        await engine.close()
      },
    }
  } catch (error) {
    await engine.close()
    throw error
  }
}

const isolatedEngine = (): Engine =>
  createIsolatedEngine({ memoryBytes: Math.floor(0.75 * totalmem()), seconds: slowestRun })

const notIsolatedOn = (device: string, folder: string): AssayError =>
  new AssayError({
    code: 'ENGINE_UNAVAILABLE',
    message: `Nothing says what the files of ${folder} must be. Its models would run isolated, and that goes on the cpu only, not on ${device}.`,
    value: device,
    remedy: 'Add a pipeline-card.json with the hashes of its files, or take the device cpu.',
    location: { file: folder },
  })

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine, EngineSession } from '@assay/core'
import { missing } from './model-errors.js'

/** Name of a graph in the folder of its part. */
export const graphFile = 'model.onnx'

/** Which graph is opened, and by what. */
interface OpenGraphOptions {
  readonly folder: string
  /** Folder of the part, for instance `unet`. */
  readonly part: string
  readonly engine: Engine
  readonly signal: AbortSignal | undefined
}

/**
 * Opens the graph of a part by its path, as its weights may lie beside it.
 *
 * @throws AssayError `MODEL_FILE_MISSING`, and what the engine throws
 */
export async function openGraph({
  folder,
  part,
  engine,
  signal,
}: OpenGraphOptions): Promise<EngineSession> {
  const present = await readdir(join(folder, part))
  if (!present.includes(graphFile)) {
    const file = join(folder, part, graphFile)
    const python = present.some((name) => name.endsWith('.safetensors') || name.endsWith('.bin'))
    throw missing({
      file,
      message: `There is no ${file}.`,
      remedy: python
        ? 'The folder holds weights for Python: export it with "optimum-cli export onnx --model FOLDER OUT".'
        : 'Export the pipeline to ONNX in the layout of diffusers, with a model.onnx in each part.',
    })
  }
  return engine.open({ path: join(folder, part, graphFile) }, { ...(signal && { signal }) })
}

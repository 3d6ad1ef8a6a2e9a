import { join } from 'node:path'
import type { Engine, EngineSession } from '@assay/core'
import { type DenoiserGraph, readDenoiserGraph } from './denoiser/denoiser-graph.js'
import type { ModelIndex } from './folder/model-index.js'
import { graphFile, openGraph } from './folder/open-graph.js'
import { optionalPartJson } from './folder/part-json.js'
import { latentDecoder, type PictureDecoder, pixelDecoder } from './pictures/picture-decoder.js'
import { denoiserConfigSchema, type StateForm, stateForm } from './pictures/state-shape.js'
import type { PromptReader } from './text/describe-prompt.js'
import { openTokenizer } from './text/open-tokenizer.js'
import type { TextEncoder } from './text/text-encoder.js'

/** The parts of a pipeline, ready. */
export interface PipelineParts {
  readonly graph: DenoiserGraph
  readonly reader: PromptReader
  readonly decoder: PictureDecoder
  readonly form: StateForm
}

/** Where the parts are, and what runs them. */
interface OpenPartsOptions {
  readonly folder: string
  readonly index: ModelIndex
  readonly engine: Engine
  readonly signal: AbortSignal | undefined
  /** Every session that was opened is added, to be closed by the caller, whatever happens. */
  readonly opened: EngineSession[]
}

/** Tokens that T5 reads in SD3, as in diffusers; CLIP's own limit is smaller. */
const mostTokens = 256

/** Opens all graphs and tokenizers of a pipeline. */
export async function openParts(options: OpenPartsOptions): Promise<PipelineParts> {
  const { folder, index } = options
  const open = async (part: string) => {
    const session = await openGraph({ ...options, part })
    options.opened.push(session)
    return session
  }
  const encoders: TextEncoder[] = []
  for (const { encoder, tokenizer } of index.encoders) {
    const session = await open(encoder)
    const length = session.inputs.find(({ name }) => name === 'input_ids')?.shape[1]
    const tokens = typeof length === 'number' ? length : null
    const tokenize = await openTokenizer({ folder, part: tokenizer, tokens, most: mostTokens })
    encoders.push({ file: join(folder, encoder, graphFile), session, tokenize })
  }
  const file = join(folder, index.denoiser, graphFile)
  const graph = readDenoiserGraph(await open(index.denoiser), file)
  const decoder =
    index.decoder === null
      ? pixelDecoder
      : await latentDecoder(folder, index.decoder, await open(index.decoder))
  const config = await optionalPartJson({
    folder,
    path: `${index.denoiser}/config.json`,
    schema: denoiserConfigSchema,
  })
  const width = graph.states.shape[2]
  return {
    graph,
    reader: {
      folder,
      encoders,
      form: graph.form,
      width: typeof width === 'number' ? width : (config?.joint_attention_dim ?? null),
    },
    decoder,
    form: stateForm(graph, config, decoder.scale),
  }
}

import { join } from 'node:path'
import { z } from 'zod'
import { incompatible } from './model-errors.js'
import { partJson } from './part-json.js'

const schema = z.looseObject({
  _class_name: z.string().min(1),
  // The default of diffusers; only pipelines of the form of SDXL look at it.
  force_zeros_for_empty_prompt: z.boolean().default(true),
})

/** Which parts a pipeline has: the names of their folders. */
export interface ModelIndex {
  /** Class of the pipeline in diffusers. */
  readonly className: string
  /** The denoiser's folder. */
  readonly denoiser: 'unet' | 'transformer'
  /** Folders of text encoders and of their tokenizers, in order; those of SD3 without T5 are two. */
  readonly encoders: readonly { readonly encoder: string; readonly tokenizer: string }[]
  /** Folder of the decoder from latents to pixels, or null where the denoiser works on pixels. */
  readonly decoder: 'vae_decoder' | null
  /** Whether the condition without text is zero rather than that of the empty prompt. */
  readonly emptyPromptIsZero: boolean
}

const encoders = [
  { encoder: 'text_encoder', tokenizer: 'tokenizer' },
  { encoder: 'text_encoder_2', tokenizer: 'tokenizer_2' },
  { encoder: 'text_encoder_3', tokenizer: 'tokenizer_3' },
] as const

/** Name of the file that tells the parts. */
export const modelIndexFile = 'model_index.json'

/**
 * The parts of a pipeline, by its `model_index.json`.
 *
 * @throws AssayError `MODEL_FILE_MISSING` where there is none; `MODEL_INCOMPATIBLE` where it names no
 *   text encoder, or not one denoiser
 */
export async function readModelIndex(folder: string): Promise<ModelIndex> {
  const index = await partJson({ folder, path: modelIndexFile, schema })
  // An absent component is null or, in what diffusers writes, [null, null].
  const has = (name: string) => {
    const component = index[name]
    return Array.isArray(component) && typeof component[1] === 'string'
  }
  const file = join(folder, modelIndexFile)
  const denoisers = (['unet', 'transformer'] as const).filter(has)
  const [denoiser] = denoisers
  if (denoiser === undefined || denoisers.length > 1) {
    throw incompatible({
      file,
      message: `${file} names ${denoisers.length === 0 ? 'no unet or transformer' : 'both a unet and a transformer'}.`,
      remedy: 'Name a text-to-image pipeline of one unet or one transformer.',
    })
  }
  const present = encoders.filter(({ encoder }) => has(encoder))
  if (present.length === 0) {
    throw incompatible({
      file,
      message: `${file} names no text_encoder, so the pipeline reads no prompt.`,
      remedy: 'Name a text-to-image pipeline.',
    })
  }
  return {
    className: index._class_name,
    denoiser,
    encoders: present,
    decoder: has('vae') || has('vae_decoder') ? 'vae_decoder' : null,
    emptyPromptIsZero: index.force_zeros_for_empty_prompt,
  }
}

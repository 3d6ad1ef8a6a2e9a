import { join } from 'node:path'
import { AssayError, type EngineSession, type RgbImage } from '@assay/core'
import { z } from 'zod'
import { numberTensor, outputFloats } from '../denoiser/number-tensor.js'
import { incompatible } from '../folder/model-errors.js'
import { optionalPartJson } from '../folder/part-json.js'
import { type Planes, toRgbImage } from './to-rgb-image.js'

const schema = z.looseObject({
  // The default of diffusers' AutoencoderKL, which older exports leave out.
  scaling_factor: z.number().positive().default(0.18215),
  shift_factor: z.number().nullish(),
  latents_mean: z.null().optional(),
  latents_std: z.null().optional(),
  block_out_channels: z.array(z.int()).min(1).default([128, 256, 512, 512]),
})

/** What is decoded, and whose it is. */
export interface DecodeOptions {
  /** A final state: channels, height, width. */
  readonly state: Float32Array
  readonly shape: readonly number[]
  readonly seed: number
  readonly signal: AbortSignal | undefined
}

/** Final states to pictures. */
export interface PictureDecoder {
  /** Pixels a side of a picture for each of the state. */
  readonly scale: number
  decode(options: DecodeOptions): Promise<RgbImage>
}

/** A denoiser that works on pixels in [-1, 1]. */
export const pixelDecoder: PictureDecoder = {
  scale: 1,
  async decode({ state, shape, seed }) {
    return rgbOf({ values: state, dims: [1, ...shape] }, 'The denoiser', seed)
  },
}

/**
 * A decoder of latents. Latents are divided by the scaling factor of its configuration, and the shift
 * factor is added. Pictures are decoded one by one, as a decoder takes much memory.
 *
 * @throws AssayError `MODEL_INCOMPATIBLE` for a configuration or a graph of another kind
 */
export async function latentDecoder(
  folder: string,
  part: string,
  session: EngineSession,
): Promise<PictureDecoder> {
  const file = join(folder, part, 'model.onnx')
  const config = await optionalPartJson({ folder, path: `${part}/config.json`, schema })
  const { scaling_factor, shift_factor, block_out_channels } = config ?? schema.parse({})
  const [input, ...others] = session.inputs
  const [output] = session.outputs
  if (input === undefined || output === undefined || others.length > 0) {
    const names = session.inputs.map(({ name }) => name).join(', ')
    throw incompatible({
      file,
      message: `${file} takes ${names}; a decoder takes latents only.`,
      remedy: 'Export the decoder with latent_sample as its one input.',
    })
  }
  return {
    scale: 2 ** (block_out_channels.length - 1),
    async decode({ state, shape, seed, signal }) {
      const latents = state.map((value) => value / scaling_factor + (shift_factor ?? 0))
      const feeds = { [input.name]: numberTensor(input.type, [1, ...shape], latents) }
      const outputs = await session.run(feeds, {
        outputs: [output.name],
        ...(signal && { signal }),
      })
      return rgbOf(outputFloats(outputs, output.name, file), file, seed)
    },
  }
}

function rgbOf(planes: Planes, source: string, seed: number): RgbImage {
  const image = toRgbImage(planes)
  if (image !== null) return image
  throw new AssayError({
    code: 'NOT_FINITE',
    message: `${source} gave a pixel that is no number for the picture of seed ${seed}.`,
    value: seed,
    remedy: 'Export this part in float32, or a float16 decoder that was made not to overflow.',
    location: { id: String(seed) },
  })
}

import { AssayError, type DenoisingHook, type ImageGenerator } from '@assay/core'
import { pixelSpace, type ShieldSpace } from '@assay/repellency'
import { type PictureSize, pixelVectors, type VectorSpace } from './vector-space.js'

/** Where a generator's predictions lie. */
export interface SamplerSpace {
  /** Numbers of a prediction. */
  readonly dimensions: number
  /** Where finished pictures are compared with protected ones; null for latents, which nobody encodes here. */
  readonly vectors: VectorSpace | null
  /** The same for a shield. */
  readonly shield: ShieldSpace | null
}

/**
 * Finds where a generator's predictions lie by a look at one model call: at pixels, where they are as many
 * as the finished picture has, and else at latents.
 *
 * @throws AssayError what the generator throws, also for a hook that it does not take;
 *   `CONFORMANCE_FAILED` where it never shows a prediction
 */
export async function samplerSpace(
  generator: ImageGenerator,
  signal: AbortSignal,
): Promise<SamplerSpace> {
  let shape: readonly number[] = []
  const request = { prompt: 'a picture', count: 1, seed: 1, steps: 1, signal }
  const hook: DenoisingHook = ({ prediction }) => {
    shape = prediction.dims
    return undefined
  }
  const pictures = generator.generate({ ...request, hook })
  let size: PictureSize | null = null
  for await (const drawn of pictures) if (drawn.outcome === 'image') size = drawn.image
  const [, channels = 0, height, width] = shape
  if (channels === 0 || size === null) throw showsNothing(generator.id)
  const dimensions = shape.slice(1).reduce((product, length) => product * length, 1)
  const isPixels = channels === 3 && height === size.height && width === size.width
  return isPixels
    ? { dimensions, vectors: pixelVectors(size), shield: pixelSpace(size) }
    : { dimensions, vectors: null, shield: null }
}

const showsNothing = (id: string): AssayError =>
  new AssayError({
    code: 'CONFORMANCE_FAILED',
    message: `${id} draws without showing what it predicts, so that nothing can shield it.`,
    value: id,
    remedy: 'Choose another generator, or count what it has drawn with `assay shield check`.',
  })

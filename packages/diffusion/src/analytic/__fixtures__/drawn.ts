import type { GeneratedImage, GenerationRequest, RgbImage } from '@assay/core'
import type { AnalyticGenerator, AnalyticMetadata } from '../analytic-generator.js'

/** A finished picture and what was told of it. */
export interface Drawn extends AnalyticMetadata {
  readonly image: RgbImage
  readonly seed: number
}

/** All pictures of a request, in order. */
export async function drawn(
  generator: AnalyticGenerator,
  request: Partial<GenerationRequest> = {},
): Promise<Drawn[]> {
  const pictures: Drawn[] = []
  const whole = { prompt: 'apple', count: 1, seed: 1, ...request }
  for await (const picture of generator.generate(whole)) pictures.push(told(picture))
  return pictures
}

function told(picture: GeneratedImage): Drawn {
  if (picture.outcome === 'rejected') throw new TypeError(picture.reason)
  const { image, seed, metadata } = picture
  return { ...(metadata as unknown as AnalyticMetadata), image, seed }
}

import { AssayError, type ImageEncoder } from '@assay/core'
import type { ConceptFilter } from '../../filter/concept-filter.js'
import { toRgbImage } from '../pixels/float-image.js'
import { decisionScore } from './decision-score.js'
import type { ScorePictures } from './score-pictures.js'

/** The parts of a deployed filter. */
export interface PipelineScoreOptions {
  /** With its own preprocessing, as it is deployed. */
  readonly encoder: ImageEncoder
  readonly filter: ConceptFilter
}

/**
 * The deployed pipeline as the target of an attack: pixels are rounded to 8 bits, preprocessed and embedded
 * by the encoder, and decided on by all pairs and the relevance floor.
 *
 * @throws AssayError from the returned function: what the encoder says of a picture that it cannot embed
 */
export function pipelineScore({ encoder, filter }: PipelineScoreOptions): ScorePictures {
  return async (pictures, { signal } = {}) => {
    const images = pictures.map((picture, at) => ({ id: String(at), source: toRgbImage(picture) }))
    const { embeddings, failures } = await encoder.embedImages(images, signal ? { signal } : {})
    const [failure] = failures
    if (failure !== undefined) {
      throw new AssayError({
        code: failure.code,
        message: `The attacked picture cannot be embedded: ${failure.message}`,
        value: failure.id,
        remedy: 'Attack a picture that the encoder reads.',
      })
    }
    return filter
      .check(embeddings)
      .map((decision) => decisionScore(decision, filter.relevanceFloor))
  }
}

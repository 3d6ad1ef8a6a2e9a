import { AssayError, type ImageEncoder } from '@assay/core'
import type { EmbeddingFilter, PictureFilter } from './picture-filter.js'

/**
 * A filter over embeddings as one over pictures, with the encoder that it was made for. Pictures that the
 * encoder cannot read are failures, not decisions.
 *
 * @throws AssayError `FINGERPRINT_MISMATCH` where the filter was made for another encoder
 */
export function encodedFilter(filter: EmbeddingFilter, encoder: ImageEncoder): PictureFilter {
  const { id, fingerprint } = filter
  if (fingerprint !== null && fingerprint !== encoder.fingerprint) {
    throw new AssayError({
      code: 'FINGERPRINT_MISMATCH',
      message: `The filter "${id}" was not made for the encoder "${encoder.id}".`,
      value: encoder.fingerprint,
      remedy: 'Open the encoder build that the filter was made with.',
    })
  }
  return {
    id,
    fingerprint: encoder.fingerprint,
    async check(pictures, options) {
      const { embeddings, failures } = await encoder.embedImages(pictures, options)
      return { decisions: embeddings.rows === 0 ? [] : filter.check(embeddings), failures }
    },
  }
}

import { AssayError, type ImageInput, type ItemFailure, itemFailure } from '@assay/core'
import type { FilterDecision, PictureFilter } from './picture-filter.js'

/** Any program that scores pictures, as a filter. */
export interface ScoringFilterOptions {
  readonly id: string
  /**
   * The program: higher for pictures that should be flagged. It may throw an AssayError for a picture that
   * it cannot read.
   */
  score(picture: ImageInput, options: { readonly signal?: AbortSignal }): number | Promise<number>
  /** Flagged above this score. */
  readonly threshold: number
  /** What it looks for. Default: the filter's id. */
  readonly concept?: string
  /** The encoder that it sees with. Default: null, none or not known. */
  readonly fingerprint?: string | null
}

/**
 * A filter from a function `score(picture)`: a moderation service, an nsfwjs model, a detector. Pictures are
 * scored one after the other. What the function throws, if it is an AssayError, is a failure of the
 * picture, and so is a score that is no number; any other error is thrown on.
 *
 * @throws AssayError `INVALID_ARGUMENT` for a threshold that is no number
 */
export function scoringFilter(options: ScoringFilterOptions): PictureFilter {
  const { id, threshold, concept = id, fingerprint = null } = options
  if (Number.isNaN(threshold)) throw invalid(id, 'threshold', threshold)
  return {
    id,
    fingerprint,
    async check(pictures, { signal } = {}) {
      const decisions: FilterDecision[] = []
      const failures: ItemFailure[] = []
      for (const picture of pictures) {
        if (signal?.aborted) throw aborted(id)
        try {
          const score = await options.score(picture, signal ? { signal } : {})
          if (Number.isNaN(score)) throw invalid(id, 'score', score)
          const flagged = score > threshold
          const concepts = [{ name: concept, score, found: flagged }]
          decisions.push({ id: picture.id, flagged, score, threshold, concepts })
        } catch (error) {
          failures.push(itemFailure(picture.id, 'filter', error))
        }
      }
      return { decisions, failures }
    },
  }
}

const invalid = (id: string, name: string, value: number) =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The ${name} of the filter "${id}" is no number.`,
    value,
    remedy:
      'Return a number for every picture, or throw an AssayError for one that cannot be read.',
  })

const aborted = (id: string) =>
  new AssayError({
    code: 'ABORTED',
    message: `The filter "${id}" was stopped.`,
    value: id,
    remedy: 'Nothing, if you stopped it.',
  })

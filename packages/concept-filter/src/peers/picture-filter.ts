import type { ImageInput, ItemFailure, Matrix } from '@assay/core'
import type { EmbeddingRule } from '../certificates/embedding-rule.js'

/** What a filter of any method says of one picture. */
export interface FilterDecision {
  readonly id: string
  readonly flagged: boolean
  /** Flagged above `threshold`. It is not squeezed into a probability, so that an attack sees it move. */
  readonly score: number
  readonly threshold: number
  /** What the filter says of each of its concepts, in the unit that it reports them in. */
  readonly concepts: readonly ConceptScore[]
}

/** What a filter says of one of its concepts. */
export interface ConceptScore {
  readonly name: string
  /** The filter's own figure: a probability, or a cosine less its threshold. */
  readonly score: number
  /** Whether this concept was found; not every filter flags each concept that it finds. */
  readonly found: boolean
}

/** A filter over picture embeddings. */
export interface EmbeddingFilter {
  readonly id: string
  /** The encoder that it sees with; null where it is not known. */
  readonly fingerprint: string | null
  /**
   * Its decision as nested thresholds on cosines and linear scores, which `certifyRule` takes; null where
   * it is none, and only smoothing can certify it.
   */
  readonly rule: EmbeddingRule | null
  /**
   * Decides on every row; nothing depends on the batch.
   *
   * @throws AssayError `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`, `ZERO_VECTOR`, `NOT_FINITE`
   */
  check(embeddings: Matrix): readonly FilterDecision[]
}

/** A filter over pictures: the one contract that evaluation and attacks need. */
export interface PictureFilter {
  readonly id: string
  /** The encoder that it sees with; null where it has none, or it is not known. */
  readonly fingerprint: string | null
  check(
    pictures: readonly ImageInput[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<FilteredPictures>
}

/** What a filter made of a batch. */
export interface FilteredPictures {
  /** One for each picture that could be decided on, in input order. */
  readonly decisions: readonly FilterDecision[]
  /** One for each picture that could not. */
  readonly failures: readonly ItemFailure[]
}

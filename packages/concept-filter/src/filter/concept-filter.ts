import type { Matrix } from '@assay/core'
import type { ConceptPair } from '../pairs/concept-pair.js'
import type { ConceptDecision } from './concept-decision.js'

/** What a filter is made from. */
export interface ConceptFilterOptions {
  /** One pair or more, of one embedding space; a picture is flagged when any pair flags it. */
  readonly pairs: readonly ConceptPair[]
  /**
   * An extension of the paper, which knows no "neither": a pair may flag only pictures of which
   * max(cos(x, c_u), cos(x, c_a)) reaches this. Certificates then hold for the margin alone, not for the
   * floor. Default: none.
   */
  readonly relevanceFloor?: number
  /**
   * How far embeddings of one picture differ between builds of the encoder, relative to their length
   * (2 sin(angle / 2) of the largest angle measured); taken off every radius. Default: 0.
   */
  readonly drift?: number
}

/** An output filter over picture embeddings. */
export interface ConceptFilter {
  readonly pairs: readonly ConceptPair[]
  readonly relevanceFloor: number | null
  readonly drift: number
  /**
   * Decides on every row, raw or unit; nothing depends on the batch.
   *
   * @throws AssayError `SHAPE_MISMATCH` (columns), `FINGERPRINT_MISMATCH`, `NOT_FINITE`, `ZERO_VECTOR`
   */
  check(embeddings: Matrix): readonly ConceptDecision[]
}

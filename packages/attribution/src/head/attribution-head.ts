import type { FeatureMap } from './feature-map.js'

/** Which pictures a map is for: real ones (exemplars and pool), or synthetic ones (queries). */
export type HeadSide = 'real' | 'synthetic'

/** What features a head was trained on, and so must be given. */
export interface HeadExpectations {
  /** Features a row. */
  readonly columns: number
  /** Whether every row had unit length. A head for raw features is useless on normalised ones. */
  readonly normalized: boolean
  /** Space of the features: a hash over weights and preprocessing; null where it is not known. */
  readonly fingerprint: string | null
}

/** How a head was trained: enough to train it again. */
export interface HeadProvenance {
  /** The trainer's options with their defaults filled in, as JSON values. */
  readonly options: Readonly<Record<string, number | string | boolean | null>>
  readonly seed: number | string
  /** Training steps behind the head: those up to the kept one where training went on. */
  readonly steps: number
  /** Customised models that it learned from. */
  readonly models: number
  /** SHA-256 of the training data: features, ids and models of each side, and the pool of negatives. */
  readonly data: {
    readonly real: string
    readonly synthetic: string
    readonly pool: string | null
  }
  /** The engine that trained it, for instance `onnxruntime-node 1.30.0`. */
  readonly engine: string
  /** What chose the head among those of training, and the same before training; null without validation. */
  readonly validation: {
    readonly measure: string
    readonly before: number
    readonly after: number
  } | null
}

/**
 * A learned map from frozen features to a space in which generated pictures lie near the pictures they
 * were made from: one map for real pictures and one for synthetic ones, each followed by L2
 * normalisation (Wang et al. 2023, "Evaluating Data Attribution for Text-to-Image Models", section 4).
 * Made by `createAttributionHead`; immutable by agreement.
 */
export interface AttributionHead {
  readonly specificationVersion: 1
  /** Form of both maps. */
  readonly form: FeatureMap['form']
  /** Whether both sides have one map. */
  readonly shared: boolean
  /** For exemplars and pool. */
  readonly real: FeatureMap
  /** For generated pictures. */
  readonly synthetic: FeatureMap
  readonly expects: HeadExpectations
  /** Null where it is not known how the head was trained. */
  readonly provenance: HeadProvenance | null
  /** `attribution-head:` and the SHA-256 of maps and expectations: equal heads have equal ones. */
  readonly fingerprint: string
}

/** One side of a pair: what it is called, and the direction that its prompts have in embedding space. */
export interface ConceptSide {
  readonly prompts: readonly string[]
  /** Unit vector: the mean of the prompts' unit embeddings, or what tuning made of it. */
  readonly vector: Float64Array
}

/**
 * How the concepts relate: opposites (violent, peaceful), or the unacceptable one a special case of the
 * acceptable one (Snoopy, dog). Tuning differs between them.
 */
export type ConceptRelation = 'opposite' | 'subset'

/** How a confidence is read from the two cosines; see {@link softmaxConfidence}, {@link projectionConfidence}. */
export type ScoreForm = 'softmax' | 'projection'

/** Where vectors and threshold come from. */
export interface ConceptProvenance {
  /** What made the vectors: `zero-shot`, or the name of a tuning objective. */
  readonly vectors: string
  /** What made the threshold: `given`, or the name of a calibration. */
  readonly threshold: string
  /** Seeds, counts, options and figures of whatever made them. */
  readonly details: Readonly<Record<string, unknown>>
}

/**
 * An unacceptable concept beside the acceptable one that pictures should show instead. A picture is
 * flagged when it is nearer to the unacceptable side by more than the threshold.
 *
 * Source: Espresso (Das, Duddu, Zhang, Asokan 2024), the filter function.
 */
export interface ConceptPair {
  readonly specificationVersion: 1
  /** Kebab-case name, for instance `grumpy-cat`. */
  readonly id: string
  readonly unacceptable: ConceptSide
  readonly acceptable: ConceptSide
  readonly relation: ConceptRelation
  readonly scoreForm: ScoreForm
  /** Multiplier of cosines, often called inverse temperature: 100 for CLIP, above 0. */
  readonly logitScale: number
  /** Flagged when the cosine margin is above this: 0 for a confidence of one half. May be infinite. */
  readonly threshold: number
  /** Which encoder the vectors are of, for people: `openai/clip-vit-large-patch14`. Null where not known. */
  readonly encoderId: string | null
  /** Space of the vectors; pictures of another one are refused. Null where it is not known. */
  readonly fingerprint: string | null
  readonly provenance: ConceptProvenance
}

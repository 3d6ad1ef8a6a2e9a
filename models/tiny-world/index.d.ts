/** Absolute path of the tiny CLIP's folder: `card.json`, tokenizer files and `onnx/`. */
export declare const tinyClip: string

/**
 * Absolute path of the tiny CLIP's picture tower with its gradient in one ONNX graph: `pixel_values` [batch, 3, 64, 64]
 * and `cotangent` [batch, 192] give `image_embeds` [batch, 192] and `pixel_gradient`, the gradient of their inner
 * product by the pixel values.
 */
export declare const tinyClipGradients: string

/** Absolute path of the grey CLIP's folder: trained apart, blind to colour, a judge of shape. */
export declare const greyClip: string

/**
 * Absolute paths of the demo's picture sets. Each folder holds 64 x 64 PNG files and `metadata.jsonl`, one JSON
 * object a line with `file_name`, `prompt`, `concept`, `style`, `group`, `licence` and `source`; planted near-copies
 * in `outputs` add `planted: true`, `plantedKind`, `plantedFrom` and `transform`.
 */
export declare const demo: {
  /** Held-out pictures that stand for a generator's outputs, several a prompt, and the planted near-copies. */
  readonly outputs: string
  /** Training pictures that outputs must not copy. */
  readonly protected: string
  /** Training pictures of the same kind, for precision, recall, density and coverage. */
  readonly reference: string
}

/**
 * Absolute path of the bank of the analytic generators, a folder that `readPictureBank` of `@assay/diffusion` reads:
 * every emoji that the tiny CLIP was trained on, 32 x 32 on white, with names, styles, tags and licences.
 */
export declare const bank: string

/**
 * Absolute path of AbC-mini: generated pictures with the exemplars that influenced them, how much, and embeddings;
 * `README.md` there says what each file holds.
 */
export declare const abcMini: string

/**
 * Absolute path of the pool: embeddings of 20,480 pictures that a composer drew, with prompts, seeds and what each
 * picture truly is, to be resampled; `README.md` there says what each file holds.
 */
export declare const pool: string

/**
 * Absolute path of the concept filter's experiment: embeddings of 4,746 pictures that the built-in generators drew of
 * five pairs of harmless concepts, with prompts, seeds and what each is made of; `README.md` there says what each
 * file holds.
 */
export declare const conceptFilter: string

/**
 * Absolute paths of an attribution head for unit embeddings of the tiny CLIP, tuned on AbC-mini, and of the
 * calibration that turns its scores into influence; and of the clean test of that head, pictures of 192 models that it
 * was not chosen by. `README.md` there says what each file holds.
 */
export declare const attribution: {
  readonly head: string
  readonly calibration: string
  readonly cleanTest: string
}

/** Absolute path of the tiny diffusion's folder, in the layout of diffusers. */
export declare const tinyDiffusion: string

/** Absolute path of `split.json`: which pictures the tiny CLIP never saw. */
export declare const split: string

/** Absolute path of `reference.json`: embeddings and token ids from another runtime, for tests. */
export declare const referenceEmbeddings: string

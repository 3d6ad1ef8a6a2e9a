/** The files of a feature store, a folder. */
export const featureStoreFiles = {
  /** A matrix file with ids and fingerprint; written last, so that a folder with it is whole. */
  features: 'features.safetensors',
  /** A matrix file with the second view of the same rows, if there is one. */
  mirrored: 'mirrored.safetensors',
  /** A JSON object a row: its `id`, and a label by field; if there are labels. */
  labels: 'labels.jsonl',
} as const

/** Keys in the metadata of `features.safetensors` that tell which other files belong to it. */
export const featureStoreKeys = {
  /** SHA-256 of `labels.jsonl`; left out without labels. */
  labels: 'assay.features.labels',
  /** `true`, or left out. */
  mirrored: 'assay.features.mirrored',
} as const

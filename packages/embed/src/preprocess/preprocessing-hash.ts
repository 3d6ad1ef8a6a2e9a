import { sha256 } from '@assay/store'
import { type Preprocessing, preprocessingSchema } from './preprocessing.js'
import { resamplerVersion } from './resize-image.js'

/**
 * SHA-256 over everything between decoded pixels and a model's input: the data of the card, in the
 * schema's order of keys, and what resamples.
 */
export const preprocessingHash = (preprocessing: Preprocessing): string =>
  sha256(JSON.stringify([preprocessingSchema.parse(preprocessing), resamplerVersion]))

import { sha256 } from '@assay/store'
import { type Preprocessing, preprocessingSchema } from './preprocessing.js'

/** Counts changes of what the same data of a card means: of filters, geometry and arithmetic. */
const preprocessingVersion = 2

/**
 * SHA-256 over everything between decoded pixels and a model's input: the data of the card, in the
 * schema's order of keys, and the version of what carries them out.
 */
export const preprocessingHash = (preprocessing: Preprocessing): string =>
  sha256(JSON.stringify([preprocessingSchema.parse(preprocessing), preprocessingVersion]))

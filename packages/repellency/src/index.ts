// What predictions are kept away from.

export { referencesInMemory } from './references/references-in-memory.js'
export type { NearReference, ShieldReferences } from './references/shield-references.js'

// The kernel.

export { type RepelledPrediction, type RepelPredictionOptions, repel } from './kernel/repel.js'

// What predictions are kept away from.

export { referencesInMemory } from './references/references-in-memory.js'
export type { NearReference, ShieldReferences } from './references/shield-references.js'

// The kernel.

export { type RepelledPrediction, type RepelPredictionOptions, repel } from './kernel/repel.js'

// The shield: a hook for samplers.

export { joinReferences } from './references/join-references.js'
export { createShield } from './shield/create-shield.js'
export type { Shield, ShieldCall, ShieldOptions } from './shield/shield.js'

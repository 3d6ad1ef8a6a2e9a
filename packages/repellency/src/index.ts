// What predictions are kept away from.

export { joinReferences } from './references/join-references.js'
export { type PoolProjectionOptions, poolProjection } from './references/pool-projection.js'
export type { Projection } from './references/projection.js'
export {
  createReferenceBank,
  type ReferenceBank,
  type ReferenceBankOptions,
} from './references/reference-bank.js'
export {
  type ReadReferences,
  type ReferencesInIndexOptions,
  referencesInIndex,
} from './references/references-in-index.js'
export { referencesInMemory } from './references/references-in-memory.js'
export type { NearReference, ShieldReferences } from './references/shield-references.js'

// The kernel.

export { type RepelledPrediction, type RepelPredictionOptions, repel } from './kernel/repel.js'

// The shield: a hook for samplers, and its presets.

export { createShield } from './shield/create-shield.js'
export { type Diversification, type DiversifyOptions, diversify } from './shield/diversify.js'
export { eightBitMargin } from './shield/eight-bit-margin.js'
export { type Protection, type ProtectOptions, protect } from './shield/protect.js'
export type { Shield, ShieldCall, ShieldedPicture, ShieldOptions } from './shield/shield.js'

// Shielded generators.

export { pixelSpace } from './generator/pixel-space.js'
export { shieldGenerator } from './generator/shield-generator.js'
export type { ShieldSpace } from './generator/shield-space.js'
export type {
  FinishedPicture,
  RequestEvidence,
  ShieldedGenerator,
  ShieldGeneratorOptions,
} from './generator/shielded-generator.js'

// The radius.

export {
  type CalibrateRadiusOptions,
  calibrateRadius,
  type RadiusCalibration,
} from './calibration/calibrate-radius.js'

// What a shielded run leaves beside its pictures; `./audit` reads it.

export { shieldEvidence } from './evidence/make-shield-evidence.js'
export type { ShieldEvidence } from './evidence/shield-evidence.js'

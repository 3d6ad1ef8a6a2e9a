import type { ImageGenerator } from '@assay/core'
import {
  createReferenceBank,
  diversify,
  protect,
  type ReferenceBank,
  type ShieldedGenerator,
  shieldGenerator,
} from '@assay/repellency'
import type { EarlierPictures } from './earlier-pictures.js'
import type { ProtectedPictures } from './protected-pictures.js'
import type { SamplerSpace } from './sampler-space.js'

/** What pictures are kept away from. */
export interface ShieldSettings {
  readonly space: SamplerSpace
  /** Null where nothing is protected. */
  readonly protection: {
    readonly protectedPictures: ProtectedPictures
    readonly radius: number
  } | null
  /** Null where the pictures of a prompt may be alike. */
  readonly diversity: {
    readonly radius: number
    /** Pictures that are there already. */
    readonly earlier: EarlierPictures
  } | null
}

/** A generator with its shields. */
export interface ShieldedGenerators {
  /** What draws; without any shield the generator itself. */
  readonly generator: ImageGenerator
  readonly protected: ShieldedGenerator | null
  readonly diversified: ShieldedGenerator | null
}

/** Puts a generator behind shields. The one around protected pictures has the last word at every call. */
export function shieldGenerators(
  base: ImageGenerator,
  { space, protection, diversity }: ShieldSettings,
): ShieldedGenerators {
  const shielded = protection && protectedGenerator(base, space, protection)
  const generator = shielded ?? base
  if (diversity === null) return { generator, protected: shielded, diversified: null }
  const { radius, earlier } = diversity
  const { dimensions, shield: shieldSpace } = space
  const fingerprint = shieldSpace?.name ?? null
  const banks = new Map<string, ReferenceBank>()
  const diversified = shieldGenerator({
    generator,
    ...diversify({ radius }),
    ...(shieldSpace && { space: shieldSpace }),
    bankOf(prompt) {
      const bank = banks.get(prompt) ?? createReferenceBank({ dimensions, fingerprint })
      if (!banks.has(prompt)) bank.add(earlier.get(prompt) ?? [])
      banks.set(prompt, bank)
      return bank
    },
  })
  return { generator: diversified, protected: shielded, diversified }
}

function protectedGenerator(
  generator: ImageGenerator,
  { shield: space }: SamplerSpace,
  { protectedPictures, radius }: NonNullable<ShieldSettings['protection']>,
): ShieldedGenerator {
  const { references, displacement, hash } = protectedPictures
  const margin = (space?.margin ?? 0) + displacement
  return shieldGenerator({
    generator,
    ...protect({ references, radius, margin }),
    ...(space && { space }),
    referencesHash: hash,
  })
}

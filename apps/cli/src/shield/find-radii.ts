import { AssayError, type ImageGenerator } from '@assay/core'
import type { PictureRequest, WrittenPictures } from '@assay/diffusion'
import type { RadiusCalibration } from '@assay/repellency'
import type { CommandSession } from '../command-session.js'
import { atLeast, type BaseVectors, baseVectors } from './base-vectors.js'
import {
  calibrateDiversity,
  calibrateProtection,
  type DiversityCalibration,
} from './calibrate-shield.js'
import { pictureVectors } from './picture-vectors.js'
import type { ProtectedPictures } from './protected-pictures.js'
import type { VectorSpace } from './vector-space.js'
import { writtenPictures } from './written-pictures.js'

/** Fewest pictures that a radius is calibrated on. */
const fewestPictures = 32

/** Shares of distances that a radius holds where nobody says another. */
export const defaultQuantiles = { protection: 0.05, diversity: 0.25 } as const

/** What radii are wanted, and what is known. */
export interface FindRadiiOptions {
  readonly generator: ImageGenerator
  readonly requests: readonly PictureRequest[]
  /** Null for latents: then radii must be given. */
  readonly space: VectorSpace | null
  readonly protectedPictures: ProtectedPictures | null
  /** Given radius around protected pictures; null to calibrate. */
  readonly radius: number | null
  /** Given radius of keeping apart; null to calibrate, and undefined where nothing is kept apart. */
  readonly diversify: number | null | undefined
  /** Pictures without a shield that were written anyway. */
  readonly base: WrittenPictures | null
}

/** Radii, with how they came about; null where there is no such shield. */
export interface Radii {
  readonly protection: {
    readonly radius: number
    /** Null for a given radius where nothing was drawn to judge it on. */
    readonly calibration: RadiusCalibration | null
  } | null
  readonly diversity: {
    readonly radius: number
    /** Null for a given radius. */
    readonly calibration: DiversityCalibration | null
  } | null
}

/**
 * The radii of a run: as given, or calibrated on pictures that the generator draws without a shield.
 *
 * @throws AssayError `CONFIG_MISSING` for latents without a radius; as `calibrateRadius`
 */
export async function findRadii(
  options: FindRadiiOptions,
  session: CommandSession,
): Promise<Radii> {
  const { space, protectedPictures, radius, diversify, base } = options
  const calibrates = (protectedPictures && radius === null) || diversify === null
  if (space === null && calibrates) throw radiusMissing()
  const isJudged = protectedPictures !== null && base !== null && base.pictures.length >= 2
  const fewest = calibrates ? fewestPictures : 2
  const outputs =
    space && (calibrates || isJudged) ? await outputsOf(options, { space, fewest }, session) : null
  const { signal } = session
  return {
    protection:
      protectedPictures && (await protectionRadius(protectedPictures, { outputs, radius, signal })),
    diversity:
      diversify === undefined
        ? null
        : await diversityRadius({ outputs, radius: diversify, signal }),
  }
}

interface RadiusOptions {
  readonly outputs: BaseVectors | null
  readonly radius: number | null
  readonly signal: AbortSignal
}

/** A given radius is the user's to answer for: one that covers much is warned of, not refused. */
async function protectionRadius(
  protectedPictures: ProtectedPictures,
  { outputs, radius, signal }: RadiusOptions,
) {
  if (outputs === null) return { radius: radius ?? 0, calibration: null }
  const by = radius === null ? { quantile: defaultQuantiles.protection } : { radius }
  const settings = { by, force: radius !== null, signal }
  const calibration = await calibrateProtection(outputs, protectedPictures, settings)
  return { radius: calibration.radius, calibration }
}

async function diversityRadius({ outputs, radius, signal }: RadiusOptions) {
  if (radius !== null || outputs === null) return { radius: radius ?? 0, calibration: null }
  const by = { quantile: defaultQuantiles.diversity }
  const calibration = await calibrateDiversity(outputs, { by, signal })
  return { radius: calibration.radius, calibration }
}

/** Pictures without a shield: those that were written, where they are enough, and else others. */
async function outputsOf(
  { generator, requests, base }: FindRadiiOptions,
  { space, fewest }: { readonly space: VectorSpace; readonly fewest: number },
  session: CommandSession,
): Promise<BaseVectors> {
  if (base === null || base.pictures.length < fewest) {
    const more = atLeast(requests, fewestPictures)
    return baseVectors({ generator, requests: more, space }, session)
  }
  const { progress, signal } = session
  const read = await pictureVectors({
    ...{ pictures: writtenPictures(base), space, progress, signal },
    fit: false,
    task: 'read pictures',
  })
  return {
    vectors: read.vectors,
    prompts: read.pictures.map(({ id, prompt }) => prompt ?? id),
  }
}

const radiusMissing = (): AssayError =>
  new AssayError({
    code: 'CONFIG_MISSING',
    message: 'The generator works on latents, where no radius can be calibrated here.',
    remedy: 'Give it by --radius, and by --diversify where that is wanted.',
  })

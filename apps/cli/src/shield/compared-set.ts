import type { ItemFailure } from '@assay/core'
import type { WrittenPictures } from '@assay/diffusion'
import type { CommandSession } from '../command-session.js'
import { type ComparedPicture, nearestProtected } from './nearest-protected.js'
import { pictureVectors } from './picture-vectors.js'
import type { ProtectedPictures } from './protected-pictures.js'
import type { VectorSpace } from './vector-space.js'
import { writtenPictures } from './written-pictures.js'

/** A drawn set, compared with the protected pictures. */
export interface ComparedSet {
  readonly written: WrittenPictures
  /** Files as they stand in the folder; empty where there is nothing to compare with. */
  readonly compared: readonly ComparedPicture[]
  /** Files that could not be read again. */
  readonly failures: readonly ItemFailure[]
}

/** What a set is compared with. */
export interface ComparisonOptions {
  /** Null for latents: then nothing can be compared. */
  readonly space: VectorSpace | null
  readonly protectedPictures: ProtectedPictures | null
  /** Radius of their shields; null without any. */
  readonly radius: number | null
}

/** Reads the files of a set again and finds the protected picture that is nearest to each. */
export async function compareSet(
  written: WrittenPictures,
  { space, protectedPictures, radius }: ComparisonOptions,
  { progress, signal }: CommandSession,
): Promise<ComparedSet> {
  const isCompared = space !== null && protectedPictures !== null && radius !== null
  if (!isCompared) return { written, compared: [], failures: [] }
  const pictures = writtenPictures(written)
  const reading = { pictures, space, fit: false, task: 'read pictures again', progress, signal }
  const { failures, ...read } = await pictureVectors(reading)
  const compared = await nearestProtected(read, protectedPictures, { start: radius, signal })
  return { written, compared, failures }
}

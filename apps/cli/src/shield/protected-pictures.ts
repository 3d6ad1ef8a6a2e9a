import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AssayError, type ItemFailure } from '@assay/core'
import type { ShieldReferences } from '@assay/repellency'
import { openShieldReferences } from '@assay/repellency/node'
import { sha256 } from '@assay/store'
import { createExactIndex } from '@assay/vector-index'
import type { CommandSession } from '../command-session.js'
import { pictureVectors } from './picture-vectors.js'
import { searchReferences } from './search-references.js'
import { type SourcePicture, sourcePictures } from './source-pictures.js'
import { trainingPictures } from './training-pictures.js'
import type { VectorSpace } from './vector-space.js'

/** Pictures to be kept away from, in a space. */
export interface ProtectedPictures {
  readonly references: ShieldReferences
  /** Largest distance between a protected picture and its reference, which the shield allows for. */
  readonly displacement: number
  /** Hash over all of them. */
  readonly hash: string
  /** One a reference, to be shown and named; none of references that are kept as numbers on disk. */
  readonly pictures: readonly SourcePicture[]
  /** Pictures that could not be read, and are protected by nothing. */
  readonly failures: readonly ItemFailure[]
}

/** Which pictures are protected. */
export interface ProtectedOptions {
  /** A set of pictures, references on disk, or `training` for what the generator was made from. */
  readonly protect: string
  /** The generator that `training` is of. */
  readonly model: string
  /** Null for latents, where pictures cannot be brought to without their encoder. */
  readonly space: VectorSpace | null
}

/**
 * Opens the protected pictures of a command.
 *
 * @throws AssayError `EMPTY_INPUT` where there is none, `CONFIG_INVALID` for pictures where latents are
 *   wanted; `SHAPE_MISMATCH` for references on disk of another space; what reading throws
 */
export async function openProtected(
  { protect, model, space }: ProtectedOptions,
  session: CommandSession,
): Promise<ProtectedPictures> {
  const isOnDisk = existsSync(join(resolve(protect), 'references.json'))
  if (isOnDisk) return storedReferences(resolve(protect), session)
  if (space === null) throw noLatents(protect)
  const { progress, signal } = session
  const set =
    protect === 'training'
      ? { pictures: await trainingPictures(model, signal), failures: [] }
      : await sourcePictures(protect)
  const read = await pictureVectors({
    ...{ pictures: set.pictures, space, progress, signal },
    fit: true,
    task: 'read protected pictures',
  })
  if (read.pictures.length === 0) throw nothingProtected(protect)
  const { data } = read.vectors
  return {
    references: await searchReferences(read.vectors, space.projection, session),
    displacement: 0,
    hash: sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
    pictures: read.pictures,
    failures: [...set.failures, ...read.failures],
  }
}

async function storedReferences(
  folder: string,
  { engine, signal, use }: CommandSession,
): Promise<ProtectedPictures> {
  const references = use(
    await openShieldReferences({
      folder,
      createIndex: (vectors) => createExactIndex({ vectors, metric: 'euclidean', engine, signal }),
    }),
  )
  const { size, space, type, displacement } = references
  const hash = sha256(JSON.stringify([folder, size, space, type]))
  return { references, displacement, hash, pictures: [], failures: [] }
}

const nothingProtected = (protect: string): AssayError =>
  new AssayError({
    code: 'EMPTY_INPUT',
    message: `There is no picture to protect in ${protect}.`,
    value: protect,
    remedy: 'Name a folder of pictures by --protect, or `training`.',
  })

const noLatents = (protect: string): AssayError =>
  new AssayError({
    code: 'CONFIG_INVALID',
    message: `Nothing says how the pictures of ${protect} become what the sampler works on.`,
    value: protect,
    remedy:
      'For latents, encode them with the scale and shift of the generator, write them with `writeShieldReferences` of @assay/repellency/node, and name that folder. For a sampler of pixels, `assay shield serve` takes their --size.',
  })

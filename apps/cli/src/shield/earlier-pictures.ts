import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { CommandSession } from '../command-session.js'
import { pictureVectors } from './picture-vectors.js'
import { sourcePictures } from './source-pictures.js'
import type { VectorSpace } from './vector-space.js'

/** Vectors of the pictures of a prompt, by prompt. */
export type EarlierPictures = ReadonlyMap<string, readonly Float32Array[]>

/** The pictures that an earlier run of the same command left in a folder, for later ones to keep away from. */
export async function earlierPictures(
  folder: string,
  space: VectorSpace | null,
  { progress, signal }: CommandSession,
): Promise<EarlierPictures> {
  const byPrompt = new Map<string, Float32Array[]>()
  if (space === null || !existsSync(join(resolve(folder), 'metadata.jsonl'))) return byPrompt
  const set = await sourcePictures(folder)
  const { pictures, vectors } = await pictureVectors({
    ...{ pictures: set.pictures, space, progress, signal },
    fit: false,
    task: 'read earlier pictures',
  })
  const { data, columns } = vectors
  for (const [row, { prompt, id }] of pictures.entries()) {
    const key = prompt ?? id
    const known = byPrompt.get(key) ?? []
    byPrompt.set(key, [...known, data.slice(row * columns, (row + 1) * columns)])
  }
  return byPrompt
}

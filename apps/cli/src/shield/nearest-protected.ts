import type { Matrix } from '@assay/core'
import { nearestReferences } from '@assay/repellency/audit'
import type { ProtectedPictures } from './protected-pictures.js'
import type { SourcePicture } from './source-pictures.js'

/** A picture and the protected one that is nearest to it. */
export interface ComparedPicture {
  readonly picture: SourcePicture
  readonly distance: number
  /** Name of the protected picture; null of references that have none. */
  readonly nearest: string | null
  /** The protected picture itself; null where it is not at hand. */
  readonly nearestPicture: SourcePicture | null
}

/** Pictures with their vectors, row by row. */
export interface VectorPictures {
  readonly pictures: readonly SourcePicture[]
  readonly vectors: Matrix
}

/** Compares pictures with all protected ones, exactly. */
export async function nearestProtected(
  { pictures, vectors }: VectorPictures,
  { references, pictures: known }: ProtectedPictures,
  { start, signal }: { readonly start: number; readonly signal: AbortSignal },
): Promise<readonly ComparedPicture[]> {
  const nearest = await nearestReferences(vectors, references, { start, signal })
  return nearest.map(({ row, distance }, at) => ({
    picture: pictures[at]!,
    distance,
    nearest: known[row]?.id ?? null,
    nearestPicture: known[row] ?? null,
  }))
}

import { AssayError, type GeneratedImage } from '@assay/core'
import type { ShieldSpace } from './shield-space.js'
import type { ShieldGeneratorOptions } from './shielded-generator.js'

/** What a look at a finished picture came to. */
export interface FinishedComparison {
  /** The picture in the space; null where there is no space, no picture, or it is a misfit. */
  readonly vector: Float32Array | null
  /**
   * Distance to the nearest reference whose shield it is in; null where it is in none, and where there is
   * nothing to compare.
   */
  readonly distance: number | null
  /** Why it could not be compared, though it should have been: it is not of the space, for its size. */
  readonly misfit: string | null
}

/**
 * Looks whether a finished picture is in a shield.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `NOT_FINITE` for what the space makes of a picture, and what it throws
 *   at a picture other than `SHAPE_MISMATCH`
 */
export async function compareFinished(
  drawn: GeneratedImage,
  { space, references, radius }: ShieldGeneratorOptions,
  signal: AbortSignal | undefined,
): Promise<FinishedComparison> {
  const unknown = { vector: null, distance: null, misfit: null }
  if (drawn.outcome === 'rejected' || !space) return unknown
  let vector: Float32Array
  try {
    vector = await space.toVector(drawn.image, signal && { signal })
  } catch (error) {
    if (!AssayError.isInstance(error) || error.code !== 'SHAPE_MISMATCH') throw error
    return { ...unknown, misfit: error.message }
  }
  assertVector(vector, space)
  if (!references) return { ...unknown, vector }
  const [near = []] = await references.within([Float64Array.from(vector)], { radius, signal })
  const distance = near.reduce<number | null>(
    (least, each) => Math.min(least ?? each.distance, each.distance),
    null,
  )
  return { vector, distance, misfit: null }
}

function assertVector(vector: Float32Array, { name, dimensions }: ShieldSpace): void {
  const isWhole = vector.length === dimensions
  if (isWhole && vector.every(Number.isFinite)) return
  throw new AssayError({
    code: isWhole ? 'NOT_FINITE' : 'SHAPE_MISMATCH',
    message: isWhole
      ? `The space ${name} made what is no number of a finished picture.`
      : `The space ${name} made ${vector.length} numbers of a finished picture; it has ${dimensions}.`,
    value: vector.length,
    remedy: 'Mend `toVector`: pictures and references must be brought into the space alike.',
  })
}

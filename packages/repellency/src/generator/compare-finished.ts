import { AssayError, type GeneratedImage } from '@assay/core'
import type { ShieldGeneratorOptions } from './shielded-generator.js'

/** What a look at a finished picture came to. */
export interface FinishedComparison {
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
  if (drawn.outcome === 'rejected' || !space || !references) return { distance: null, misfit: null }
  let vector: Float32Array
  try {
    vector = await space.toVector(drawn.image, signal && { signal })
  } catch (error) {
    if (!AssayError.isInstance(error) || error.code !== 'SHAPE_MISMATCH') throw error
    return { distance: null, misfit: error.message }
  }
  assertVector(vector, space.name, references.dimensions)
  const [near = []] = await references.within([Float64Array.from(vector)], { radius, signal })
  const distance = near.reduce<number | null>(
    (least, each) => Math.min(least ?? each.distance, each.distance),
    null,
  )
  return { distance, misfit: null }
}

function assertVector(vector: Float32Array, space: string, dimensions: number): void {
  const isWhole = vector.length === dimensions
  if (isWhole && vector.every(Number.isFinite)) return
  throw new AssayError({
    code: isWhole ? 'NOT_FINITE' : 'SHAPE_MISMATCH',
    message: isWhole
      ? `The space ${space} made what is no number of a finished picture.`
      : `The space ${space} made ${vector.length} numbers of a finished picture; references have ${dimensions}.`,
    value: vector.length,
    remedy: 'Mend `toVector`: pictures and references must be brought into the space alike.',
  })
}

import { AssayError, type GeneratedImage } from '@assay/core'
import type { ShieldGeneratorOptions } from './shielded-generator.js'

/**
 * Distance of a finished picture to the nearest reference whose shield it is in; null where it is in none,
 * and where there is nothing to compare.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `NOT_FINITE` for what the space makes of a picture
 */
export async function finishedDistance(
  drawn: GeneratedImage,
  { space, references, radius }: ShieldGeneratorOptions,
  signal: AbortSignal | undefined,
): Promise<number | null> {
  if (drawn.outcome === 'rejected' || !space || !references) return null
  const vector = await space.toVector(drawn.image, signal && { signal })
  assertVector(vector, space.name, references.dimensions)
  const [near = []] = await references.within([Float64Array.from(vector)], { radius, signal })
  return near.length === 0 ? null : Math.min(...near.map(({ distance }) => distance))
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

import { nearTo } from './references-in-memory.js'
import type { NearReference, ShieldReferences } from './shield-references.js'

/**
 * The pictures of a batch as references of each other: none is its own.
 *
 * @param ownRow the picture that the point at a place of a question belongs to
 */
export function referencesOfBatch(
  batch: readonly Float64Array[],
  ownRow: (place: number) => number,
): ShieldReferences {
  return {
    size: batch.length,
    dimensions: batch[0]?.length ?? 0,
    fingerprint: null,
    async within(points, { radius }) {
      return points.map((point, place) => {
        const own = ownRow(place)
        const isOther = ({ row }: NearReference) => row !== own
        return nearTo(point, batch, radius).filter(isOther)
      })
    },
  }
}

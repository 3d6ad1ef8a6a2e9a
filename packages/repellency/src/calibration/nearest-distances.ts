import type { Matrix } from '@assay/core'
import type { ShieldReferences } from '../references/shield-references.js'
import { rowOf } from './pair-distances.js'

/** Where the search begins, and what can end it. */
export interface NearestDistancesOptions {
  /** Radius of the first balls, above 0. */
  readonly start: number
  readonly signal?: AbortSignal | undefined
}

/** By how much a ball grows that holds no reference; a little, as one that holds thousands is dear. */
const GROWTH = 1.5

/**
 * Distance of each row to the nearest of at least one reference, exactly: balls grow until one holds a
 * reference, and the nearest in a ball is the nearest of all.
 */
export async function nearestDistances(
  outputs: Matrix,
  references: ShieldReferences,
  { start, signal }: NearestDistancesOptions,
): Promise<Float64Array> {
  const nearest = new Float64Array(outputs.rows)
  const points = Array.from(nearest, (_, row) => Float64Array.from(rowOf(outputs, row)))
  let open = [...points.keys()]
  for (let radius = start; open.length > 0; radius *= GROWTH) {
    const asked = open.map((row) => points[row]!)
    const found = await references.within(asked, { radius, signal })
    open = open.filter((row, at) => {
      const near = found[at]!
      if (near.length === 0) return true
      nearest[row] = near.reduce((least, { distance }) => Math.min(least, distance), radius)
      return false
    })
  }
  return nearest
}

import { euclideanDistance } from '@assay/core/linear-algebra'
import type { NearReference } from '../references/shield-references.js'
import { type HalfSpace, projectOnHalfSpaces } from './project-on-half-spaces.js'
import type { RepelStrictlyOptions, SeededPoint } from './repel-strictly.js'
import { seededDirection } from './seeded-direction.js'
import { aimedRadius, settle } from './settle.js'

const ROUNDS = 20

/**
 * A point's projection out of every shield and into the box, or null where that is not found. A shield is
 * kept out of by the half-space beyond it as seen from the point, so that a point in all half-spaces is in
 * no shield. Half-spaces are added as the projection runs into their shields, as only those near matter.
 */
export async function projectOutside(
  { point, seed }: SeededPoint,
  { references, radius, box, signal }: RepelStrictlyOptions,
): Promise<Float64Array | null> {
  const height = aimedRadius(point, radius)
  const halfSpaces = new Map<number, HalfSpace>()
  let projected = settle(point, box)
  for (let round = 0; round < ROUNDS; round += 1) {
    const [near = []] = await references.within([projected], { radius, signal })
    if (near.length === 0) return projected
    const added = near.filter(({ row }) => !halfSpaces.has(row))
    if (added.length === 0) return null
    for (const each of added) halfSpaces.set(each.row, beyond(each, { point, seed, height }))
    projected = settle(projectOnHalfSpaces(point, [...halfSpaces.values()], box), box)
  }
  return null
}

function beyond(
  { row, vector }: NearReference,
  { point, seed, height }: SeededPoint & { readonly height: number },
): HalfSpace {
  const distance = euclideanDistance(point, vector)
  const normal =
    distance <= 1e-6 * height
      ? seededDirection(point.length, { seed, row })
      : point.map((value, at) => (value - vector[at]!) / distance)
  return { origin: vector, normal, height }
}

import { createRandom } from '@assay/core'

/** What a direction is made from: the same for the same picture and reference, at every model call. */
export interface DirectionSeed {
  readonly seed: number
  readonly row: number
}

/** A unit vector in a random direction that depends on its seed only. */
export function seededDirection(length: number, { seed, row }: DirectionSeed): Float64Array {
  const direction = new Float64Array(length)
  createRandom(`repellency ${seed} ${row}`).fillNormal(direction)
  const norm = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0))
  return direction.map((value) => value / norm)
}

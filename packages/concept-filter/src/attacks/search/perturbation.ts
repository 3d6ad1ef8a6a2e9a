import type { Random } from '@assay/core'

/**
 * How the size of a change is measured: `l2`, the Euclidean length over all values, or `linf`, the largest
 * change of any value. Black is 0 and white is 1.
 */
export type PerturbationNorm = 'l2' | 'linf'

/** The size of a change, or of a gradient's step. */
export function perturbationSize(change: Float64Array, norm: PerturbationNorm): number {
  let size = 0
  for (const value of change) {
    size = norm === 'l2' ? size + value * value : Math.max(size, Math.abs(value))
  }
  return norm === 'l2' ? Math.sqrt(size) : size
}

/** The dual of the norm: how much a unit step changes a function of this gradient at most. */
export function steepness(gradient: Float64Array, norm: PerturbationNorm): number {
  if (norm === 'l2') return perturbationSize(gradient, 'l2')
  return gradient.reduce((sum, value) => sum + Math.abs(value), 0)
}

/** A step of the given size down a gradient that is not all zeros. */
export function steepestStep(
  gradient: Float64Array,
  norm: PerturbationNorm,
  size: number,
): Float64Array {
  if (norm === 'linf') return gradient.map((value) => -size * Math.sign(value))
  const scale = -size / perturbationSize(gradient, 'l2')
  return gradient.map((value) => scale * value)
}

/** The nearest change that is no larger than the radius. */
export function projectChange(
  change: Float64Array,
  norm: PerturbationNorm,
  radius: number,
): Float64Array {
  if (norm === 'linf') return change.map((value) => Math.min(radius, Math.max(-radius, value)))
  const size = perturbationSize(change, 'l2')
  return size <= radius ? change : change.map((value) => (value * radius) / size)
}

/** A change drawn evenly from the ball of the radius. */
export function randomChange(
  values: number,
  { norm, radius, random }: { norm: PerturbationNorm; radius: number; random: Random },
): Float64Array {
  if (norm === 'linf') {
    return Float64Array.from({ length: values }, () => radius * (2 * random.uniform() - 1))
  }
  const direction = Float64Array.from({ length: values }, () => random.normal())
  const length = radius * random.uniform() ** (1 / values)
  const scale = length / perturbationSize(direction, 'l2')
  return direction.map((value) => value * scale)
}

/** one + factor * other. */
export function addScaled(one: Float64Array, other: Float64Array, factor = 1): Float64Array {
  return one.map((value, at) => value + factor * other[at]!)
}

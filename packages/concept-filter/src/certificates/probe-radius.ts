import { AssayError, type Random } from '@assay/core'

/** What a claimed radius is attacked with. */
export interface ProbeRadiusOptions {
  /** The embedding that the radius was claimed for. */
  readonly embedding: ArrayLike<number>
  /** The claimed radius, in the unit of the embedding. */
  readonly radius: number
  /** The decision under attack; given float64 so that rounding does not decide. */
  flags(embedding: Float64Array): boolean
  /**
   * Noise to try beside random noise, of any length above 0, for instance {@link shortestNoise}: tried just
   * inside and just outside the radius.
   */
  readonly directions?: readonly ArrayLike<number>[]
  readonly random: Random
  /** Random directions to try just inside. Default: 1000. */
  readonly probes?: number
  /** What "just" means, as a share of the radius. Default: 0.000001 */
  readonly gap?: number
}

/** How often a decision changed. */
export interface RadiusProbe {
  /** Noise shorter than the radius by the gap: any change refutes the certificate. */
  readonly inside: { readonly probes: number; readonly changes: number }
  /** The given directions, longer by the gap: all change where the radius is exact and they are the worst. */
  readonly outside: { readonly probes: number; readonly changes: number }
}

/**
 * Attacks a claimed radius: a certificate that survives may be right, one that does not is wrong. Noise is
 * of the length claimed, whatever the number of dimensions (a vector of ones is sqrt(d) times as long).
 *
 * @throws AssayError `INVALID_ARGUMENT` for a radius that is not finite and at least 0, `ZERO_VECTOR` for a
 *   direction without length
 */
export function probeRadius(options: ProbeRadiusOptions): RadiusProbe {
  const { embedding, radius, flags, directions = [], random, probes = 1000, gap = 1e-6 } = options
  assertRadius(radius)
  const start = Float64Array.from(embedding)
  const decision = flags(start)
  const changes = (direction: ArrayLike<number>, length: number) =>
    flags(shifted(start, direction, length)) !== decision
  const count = (length: number) =>
    directions.filter((direction) => changes(direction, length)).length
  let randomChanges = 0
  for (let probe = 0; probe < probes; probe += 1) {
    const direction = start.map(() => random.normal())
    if (changes(direction, radius * (1 - gap))) randomChanges += 1
  }
  return {
    inside: {
      probes: probes + directions.length,
      changes: randomChanges + count(radius * (1 - gap)),
    },
    outside: { probes: directions.length, changes: count(radius * (1 + gap)) },
  }
}

function shifted(start: Float64Array, direction: ArrayLike<number>, length: number) {
  let squares = 0
  for (let at = 0; at < start.length; at += 1) squares += direction[at]! ** 2
  if (!(squares > 0)) throw noDirection(squares)
  const scale = length / Math.sqrt(squares)
  return start.map((value, at) => value + scale * direction[at]!)
}

const noDirection = (value: number) =>
  new AssayError({
    code: 'ZERO_VECTOR',
    message: 'Noise to try has no direction.',
    value,
    remedy: 'Give directions of the length of the embedding, not all zeros.',
  })

function assertRadius(radius: number): void {
  if (radius >= 0 && Number.isFinite(radius)) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: 'A radius to be tried must be finite and at least 0.',
    value: radius,
    remedy: 'Leave out certificates of decisions that no noise changes.',
  })
}

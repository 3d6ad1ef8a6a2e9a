/** Whether something holds for an embedding, and how much noise leaves it so. */
export interface CertifiedCondition {
  readonly holds: boolean
  /** Shorter noise does not change `holds`; infinite where none does. */
  readonly radius: number
  /** Whether longer noise, in the right direction, does change it. */
  readonly exact: boolean
  /** The part that the radius comes from. */
  readonly by: string
}

/**
 * A condition that holds where any of its parts does. It keeps holding for as long as the steadiest part
 * that holds: the largest radius of these, a lower bound, as another part may begin to hold on the way. It
 * keeps not holding until the first part begins to: the smallest radius of all, exact if that part's is.
 *
 * @param parts one or more
 */
export function anyOf(parts: readonly CertifiedCondition[]): CertifiedCondition {
  return combine(parts, true)
}

/** A condition that holds where all of its parts do: the mirror of {@link anyOf}. */
export function allOf(parts: readonly CertifiedCondition[]): CertifiedCondition {
  return combine(parts, false)
}

/** @param decisive what one part alone settles the whole with */
function combine(parts: readonly CertifiedCondition[], decisive: boolean): CertifiedCondition {
  const settling = parts.filter(({ holds }) => holds === decisive)
  if (settling.length === 0) return extreme(parts, (one, other) => one < other)
  const steadiest = extreme(settling, (one, other) => one > other)
  const exact = parts.length === 1 ? steadiest.exact : steadiest.radius === Number.POSITIVE_INFINITY
  return { ...steadiest, exact }
}

const extreme = (
  parts: readonly CertifiedCondition[],
  better: (one: number, other: number) => boolean,
) => parts.reduce((best, part) => (better(part.radius, best.radius) ? part : best))

/** A radius less the drift of the encoder build, never below 0. */
export const afterDrift = (radius: number, noise: number) => Math.max(0, radius - noise)

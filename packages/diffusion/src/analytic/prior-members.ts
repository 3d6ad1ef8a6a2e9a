import { AssayError, type Tensor } from '@assay/core'

/** The pictures of a bank that a denoiser weighs, with their prior. */
export interface PriorMembers {
  /** Rows of the bank. */
  readonly rows: readonly number[]
  /** Unnormalised log prior of each. */
  readonly logPrior: Float64Array
}

/** Which pictures are kept. */
export interface MemberLimits {
  /** Pictures of the bank. */
  readonly pictures: number
  /** Share of the prior that is kept, in (0, 1]: the fewest pictures that hold it. */
  readonly mass: number
  /** At most so many, the best first. */
  readonly limit: number
}

/** How a condition is read. */
export interface ConditionCall {
  readonly condition: Tensor | null
  readonly guidanceScale: number
}

/**
 * Reads a condition, remembering the last: all model calls of a run mostly have one.
 *
 * A condition is an unnormalised log prior, one number a picture, -Infinity for a picture that is left
 * out; null means all alike. The guidance scale g sharpens it: the prior's power g, normalised.
 *
 * @throws AssayError `SHAPE_MISMATCH` for a condition of another length or type, `NOT_FINITE`,
 *   `EMPTY_INPUT` where it leaves no picture
 */
export function memberReader(limits: MemberLimits): (call: ConditionCall) => PriorMembers {
  let last: (ConditionCall & { readonly members: PriorMembers }) | null = null
  return ({ condition, guidanceScale }) => {
    if (last?.condition === condition && last.guidanceScale === guidanceScale) return last.members
    const members = membersOf(limits, guidanceScale, logPriorOf(limits.pictures, condition))
    last = { condition, guidanceScale, members }
    return members
  }
}

function membersOf(limits: MemberLimits, power: number, prior: Float64Array): PriorMembers {
  const powered = prior.map((value) => (value === -Infinity ? value : power * value))
  const best = powered.reduce((a, b) => Math.max(a, b), -Infinity)
  if (best === -Infinity) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'The condition leaves no picture to draw from.',
      value: power,
      remedy: 'Leave at least one picture above -Infinity.',
    })
  }
  const sorted = [...powered.keys()]
    .filter((row) => powered[row]! > -Infinity)
    .sort((a, b) => powered[b]! - powered[a]! || a - b)
  const weights = sorted.map((row) => Math.exp(powered[row]! - best))
  const rows = sorted.slice(0, Math.min(limits.limit, countOf(weights, limits.mass)))
  return { rows, logPrior: Float64Array.from(rows, (row) => powered[row]! - best) }
}

/** How many of the weights, largest first, hold this share of their sum. */
function countOf(weights: readonly number[], mass: number): number {
  const total = weights.reduce((a, b) => a + b, 0)
  let missing = mass * total
  let count = 0
  // A share of 1 must keep all, whatever the rounding of the sums.
  while (count < weights.length && (missing > 0 || mass === 1)) missing -= weights[count++]!
  return count
}

function logPriorOf(pictures: number, condition: Tensor | null): Float64Array {
  if (condition === null) return new Float64Array(pictures)
  const { type, data } = condition
  const numbers = type === 'float64' || type === 'float32'
  if (!numbers || data.length !== pictures) {
    throw new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `The condition is ${type} with ${data.length} numbers, not one for each of ${pictures} pictures.`,
      value: data.length,
      remedy: 'Give a log prior: float64 or float32, one number a picture of the bank.',
    })
  }
  const values = Float64Array.from(data)
  const row = values.findIndex((value) => !(value < Infinity))
  if (row < 0) return values
  throw new AssayError({
    code: 'NOT_FINITE',
    message: `The condition says ${values[row]} for picture ${row}.`,
    value: values[row],
    remedy: 'Give finite log weights, or -Infinity for a picture that is left out.',
    location: { row },
  })
}

import { AssayError } from '../errors/assay-error.js'

/** Throws `NOT_FINITE` for NaN, infinities and what is no number, else `INVALID_ARGUMENT` unless `valid`. */
function check(value: number, valid: boolean, name: string, remedy: string): void {
  if (Number.isFinite(value) && valid) return
  throw new AssayError({
    code: Number.isFinite(value) ? 'INVALID_ARGUMENT' : 'NOT_FINITE',
    message: `${name} is out of its range: ${value}.`,
    value,
    remedy,
  })
}

export function checkPositive(value: number, name: string): void {
  check(value, value > 0, name, 'Pass a finite number above 0.')
}

/** A probability that may be 0 or 1. */
export function checkProbability(value: number, name: string): void {
  check(value, value >= 0 && value <= 1, name, 'Pass a number from 0 to 1.')
}

/** A probability that may be neither 0 nor 1, for instance a confidence level. */
export function checkOpenProbability(value: number, name: string): void {
  check(value, value > 0 && value < 1, name, 'Pass a number between 0 and 1, for instance 0.95.')
}

export function checkCount(value: number, name: string): void {
  const valid = Number.isSafeInteger(value) && value >= 0
  check(value, valid, name, 'Pass a whole number of at least 0.')
}

/** A whole number of at least `minimum`. */
export function checkAtLeast(value: number, minimum: number, name: string): void {
  const valid = Number.isSafeInteger(value) && value >= minimum
  check(value, valid, name, `Pass a whole number of at least ${minimum}.`)
}

/** A list that holds something. */
export function checkNotEmpty(length: number, name: string): void {
  if (length > 0) return
  throw new AssayError({
    code: 'EMPTY_INPUT',
    message: `${name} is empty.`,
    value: length,
    remedy: 'Pass at least one item, or report the figure as missing with a reason.',
  })
}

/** Two lists that belong together, item by item. */
export function checkSameLength(first: number, second: number, names: string): void {
  if (first === second) return
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `${names} differ in length: ${first} and ${second}.`,
    value: [first, second],
    remedy: 'Pass lists that belong together, item by item.',
  })
}

export function checkFinite(values: ArrayLike<number>, name: string): void {
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index]!
    if (!Number.isFinite(value)) {
      throw new AssayError({
        code: 'NOT_FINITE',
        message: `${name} has ${value} at position ${index}.`,
        value,
        remedy: 'Leave out items that could not be measured, and count them as missing.',
        location: { row: index },
      })
    }
  }
}

import { checkPositive } from '../check.js'
import { stirlingSeries } from './stirling-series.js'

/** One minus the Euler–Mascheroni constant. */
const oneMinusEuler = 0.4227843350984671

/** ζ(k) - 1 for k = 2, 3, ...: enough for |w| up to 1/2, where term k is below 4^-k. */
const zetaMinusOne = [
  0.6449340668482264, 0.2020569031595943, 0.08232323371113819, 0.03692775514336993,
  0.01734306198444914, 0.008349277381922827, 0.00407735619794434, 0.0020083928260822143,
  0.0009945751278180853, 0.0004941886041194645, 0.0002460865533080483, 0.00012271334757848915,
  6.124813505870483e-5, 3.058823630702049e-5, 1.528225940865187e-5, 7.637197637899763e-6,
  3.81729326499984e-6, 1.908212716553939e-6, 9.539620338727962e-7, 4.769329867878064e-7,
  2.38450502727733e-7, 1.1921992596531106e-7, 5.960818905125948e-8, 2.980350351465228e-8,
  1.4901554828365043e-8,
]

/** ln Γ(2 + w) for |w| up to 1/2; exact to the last digits at its zero, w = 0. */
function logGammaNearTwo(w: number): number {
  let sum = 0
  for (let k = zetaMinusOne.length + 1; k >= 2; k -= 1) {
    sum = zetaMinusOne[k - 2]! / k - w * sum
  }
  return w * (oneMinusEuler + w * sum)
}

const halfLogTwoPi = 0.9189385332046727

/**
 * The natural logarithm of the gamma function, to about 1e-15 relative, also next to its zeros at 1
 * and 2.
 *
 * @param x A finite number above 0.
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` for any other number.
 *
 * Source: NIST Digital Library of Mathematical Functions, 5.7.3 (series at 2), 5.5.1 (recurrence) and
 * 5.11.1 (Stirling).
 */
export function logGamma(x: number): number {
  checkPositive(x, 'The argument of logGamma')
  if (x >= 10) return (x - 0.5) * Math.log(x) - x + halfLogTwoPi + stirlingSeries(x)
  if (x < 0.5) return logGammaNearTwo(x) - Math.log(x) - Math.log1p(x)
  if (x < 1.5) return logGammaNearTwo(x - 1) - Math.log1p(x - 1)

  let product = 1
  let near = x
  while (near > 2.5) {
    near -= 1
    product *= near
  }
  return Math.log(product) + logGammaNearTwo(near - 2)
}

import type { GraphValue } from '../graph-node.js'
import type { Operand } from '../operand.js'
import { add, div, mul, sub } from '../operations/arithmetic.js'
import { clamp, less, where } from '../operations/comparison.js'
import { exp, neg } from '../operations/exponential.js'

/** Coefficients of a quotient of polynomials, highest power first. */
interface RationalFunction {
  readonly numerator: readonly number[]
  readonly denominator: readonly number[]
}

/** `erf(x) / x` as a function of `x²`, for |x| up to 0.46875. */
const nearZero: RationalFunction = {
  numerator: [
    0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302,
    3209.3775891384694,
  ],
  denominator: [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171],
}

/** `exp(x²) (1 - erf(x))` as a function of `x`, for x from 0.46875 to 4. */
const further: RationalFunction = {
  numerator: [
    2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163,
    298.6351381974001, 881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
  ],
  denominator: [
    1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903,
    3290.7992357334597, 4362.619090143247, 3439.3676741437216, 1230.3393548037495,
  ],
}

/** Where erf rounds to 1 in float64. */
const saturation = 6

/**
 * The error function, to about 1e-15.
 *
 * Source: W. J. Cody, Rational Chebyshev approximations for the error function, Mathematics of
 * Computation 23 (1969), pages 631–637. The second quotient also serves from 4 on, where 1 - erf is so
 * small that its error no longer shows.
 */
export function erf(a: GraphValue): GraphValue {
  const size = clamp(where(less(a, 0), neg(a), a), { maximum: saturation })
  const square = mul(size, size)
  const small = mul(size, evaluate(nearZero, square))
  const large = sub(1, mul(exp(neg(square)), evaluate(further, size)))
  const magnitude = where(less(size, 0.46875), small, large)
  return where(less(a, 0), neg(magnitude), magnitude)
}

const evaluate = ({ numerator, denominator }: RationalFunction, x: GraphValue): GraphValue =>
  div(horner(numerator, x), horner(denominator, x))

/** A polynomial of degree 1 at least. */
const horner = ([leading, ...rest]: readonly number[], x: GraphValue): GraphValue =>
  rest.reduce<Operand>(
    (sum, coefficient) => add(mul(sum, x), coefficient),
    leading as number,
  ) as GraphValue

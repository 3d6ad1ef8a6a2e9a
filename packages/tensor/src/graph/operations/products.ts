import type { GraphValue, Shape } from '../graph-node.js'
import { resolveOperands } from '../operand.js'
import { broadcastShapes, shapeMismatch } from '../shapes.js'
import { add, mul } from './arithmetic.js'
import { singleOutput } from './single-output.js'

/**
 * The matrix product over the last two axes, `[..., m, k]` by `[..., k, n]` to `[..., m, n]`; leading
 * axes stretch as in NumPy.
 *
 * @throws AssayError `SHAPE_MISMATCH` where an operand has fewer than two axes or `k` differs
 */
export function matMul(a: GraphValue, b: GraphValue): GraphValue {
  resolveOperands('matMul', [a, b])
  const [m, k] = a.shape.slice(-2)
  const [rows, n] = b.shape.slice(-2)
  if (m === undefined || n === undefined || k === undefined || k !== rows) {
    throw shapeMismatch('matMul', a.shape, b.shape)
  }
  const leading = broadcastShapes('matMul', a.shape.slice(0, -2), b.shape.slice(0, -2))
  return singleOutput({ operator: 'MatMul', inputs: [a, b], shape: [...leading, m, n] })
}

/** Settings of `gemm`. */
export interface GemmOptions {
  /** Added to the product; a vector or column stretches. Default: nothing. */
  readonly bias?: GraphValue
  /** Whether `a` is stored as `[k, m]`. Default false. */
  readonly transposeA?: boolean
  /** Whether `b` is stored as `[n, k]`. Default false. */
  readonly transposeB?: boolean
  /** Factor of the product. Default 1. */
  readonly alpha?: number
  /** Factor of the bias. Default 1. */
  readonly beta?: number
}

/**
 * `alpha * a b + beta * bias` for matrices `[m, k]` and `[k, n]`, either of which may be stored
 * transposed.
 *
 * @throws AssayError `SHAPE_MISMATCH`
 */
export function gemm(a: GraphValue, b: GraphValue, options: GemmOptions = {}): GraphValue {
  const { bias, transposeA = false, transposeB = false, alpha = 1, beta = 1 } = options
  if (a.type === 'float64' && !(isSingle(alpha) && isSingle(beta))) return scaledGemm(a, b, options)
  resolveOperands('gemm', bias ? [a, b, bias] : [a, b])
  if (a.shape.length !== 2 || b.shape.length !== 2) throw shapeMismatch('gemm', a.shape, b.shape)
  const [m, k] = transposed(a.shape, transposeA)
  const [rows, n] = transposed(b.shape, transposeB)
  const shape = [m, n]
  if (k !== rows) throw shapeMismatch('gemm', a.shape, b.shape)
  if (bias) assertStretches(bias.shape, shape)
  return singleOutput({
    operator: 'Gemm',
    inputs: bias ? [a, b, bias] : [a, b],
    attributes: {
      alpha: { float: alpha },
      beta: { float: beta },
      transA: { int: Number(transposeA) },
      transB: { int: Number(transposeB) },
    },
    shape,
  })
}

/** ONNX holds the factors in float32. */
const isSingle = (factor: number): boolean => Math.fround(factor) === factor

/** `gemm` with factors that only float64 can hold. */
function scaledGemm(a: GraphValue, b: GraphValue, options: GemmOptions): GraphValue {
  const { bias, alpha = 1, beta = 1, ...stored } = options
  const product = mul(gemm(a, b, stored), alpha)
  if (!bias) return product
  resolveOperands('gemm', [a, bias])
  assertStretches(bias.shape, product.shape)
  return add(product, mul(bias, beta))
}

function transposed(shape: Shape, swap: boolean): [number | string, number | string] {
  const [rows, columns] = shape as [number | string, number | string]
  return swap ? [columns, rows] : [rows, columns]
}

function assertStretches(bias: Shape, shape: Shape): void {
  const joint = broadcastShapes('gemm', bias, shape)
  const same = joint.length === shape.length && joint.every((size, axis) => size === shape[axis])
  if (!same) throw shapeMismatch('gemm', bias, shape)
}

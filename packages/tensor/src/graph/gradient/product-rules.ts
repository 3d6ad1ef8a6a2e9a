import type { GraphNode, GraphValue } from '../graph-node.js'
import { mul } from '../operations/arithmetic.js'
import { transpose } from '../operations/layout.js'
import { gemm, matMul } from '../operations/products.js'
import type { GradientRule } from './gradient-rule.js'
import { integerAttribute } from './node-settings.js'

/** A stack of matrices, each transposed. */
function transposeMatrices(a: GraphValue): GraphValue {
  const axes = a.shape.map((_, axis) => axis)
  return transpose(a, { permutation: [...axes.slice(0, -2), ...axes.slice(-2).reverse()] })
}

function factor({ attributes }: GraphNode, name: 'alpha' | 'beta'): number {
  const attribute = attributes[name]
  return attribute && 'float' in attribute ? attribute.float : 1
}

/** With `y = alpha a b`: the gradients are `alpha g b'` and `alpha a' g`, transposed as stored. */
const gemmRule: GradientRule = ({ node, inputs: [a, b], gradient }) => {
  const alpha = factor(node, 'alpha')
  const transA = integerAttribute(node, 'transA') === 1
  const transB = integerAttribute(node, 'transB') === 1
  return [
    () =>
      transA
        ? gemm(b, gradient, { alpha, transposeA: transB, transposeB: true })
        : gemm(gradient, b, { alpha, transposeB: !transB }),
    () =>
      transB
        ? gemm(gradient, a, { alpha, transposeA: true, transposeB: transA })
        : gemm(a, gradient, { alpha, transposeA: !transA }),
    () => mul(gradient, factor(node, 'beta')),
  ]
}

export const productRules = {
  Gemm: gemmRule,
  MatMul: ({ inputs: [a, b], gradient }) => {
    const flat = a.shape.length === 2 && b.shape.length === 2
    return [
      () =>
        flat ? gemm(gradient, b, { transposeB: true }) : matMul(gradient, transposeMatrices(b)),
      () =>
        flat ? gemm(a, gradient, { transposeA: true }) : matMul(transposeMatrices(a), gradient),
    ]
  },
} satisfies Record<string, GradientRule>

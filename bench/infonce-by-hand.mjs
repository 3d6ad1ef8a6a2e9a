// One training step of two affine heads under InfoNCE with Adam as a graph written by hand: the backward
// pass is derived on paper, scalars are folded to where they cost least, and what the host can compute
// it feeds. float32, any number of rows. Gradients as in Wang et al. 2023's heads: `a = x W' + b`,
// `u = a / |a|`, `S = V U' / temperature`, `dS = (softmax of rows + softmax of columns - 2 I) / 2B`.
import {
  add,
  createGraph,
  div,
  exp,
  gemm,
  log,
  mul,
  reduceL2,
  reduceSum,
  sqrt,
  sub,
} from '@assay/tensor/graph'

const byColumn = { axes: [0], keepDimensions: true }
const byRow = { axes: [1], keepDimensions: true }
const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8]

/** Names of the tensors that a step hands to the next; each comes out as `NAME.next`. */
export const carriedNames = ['real', 'synthetic'].flatMap((head) =>
  ['weight', 'bias'].flatMap((kind) => ['', '.sum', '.squares'].map((part) => head + kind + part)),
)

/** Scalars of a step, counted from 1, that the graph is fed with. */
export function stepScalars({ step, rows, learningRate, temperature }) {
  const root = Math.sqrt((1 - beta2) / (1 - beta2 ** step))
  return {
    rate: (learningRate * (1 - beta1)) / ((1 - beta1 ** step) * root),
    floor: epsilon / root,
    half: 1 / (2 * rows),
    share: 1 / (2 * rows * temperature),
  }
}

/** The graph's bytes. */
export function infoNceByHand({ columns, temperature }) {
  const graph = createGraph({ name: 'by-hand' })
  const scalar = (name) => graph.input(name, 'float32', [])
  const [rate, floor, half, share] = ['rate', 'floor', 'half', 'share'].map(scalar)

  function forward(head) {
    const x = graph.input(head, 'float32', ['rows', columns])
    const weight = graph.input(`${head}weight`, 'float32', [columns, columns])
    const bias = graph.input(`${head}bias`, 'float32', [1, columns])
    const mapped = gemm(x, weight, { transposeB: true, bias })
    const length = reduceL2(mapped, byRow)
    return { head, x, weight, bias, length, unit: div(mapped, length) }
  }

  function adam(parameter, gradient) {
    const { name, shape } = parameter
    const sum = graph.input(`${name}.sum`, 'float32', shape)
    const squares = graph.input(`${name}.squares`, 'float32', shape)
    const nextSum = add(mul(sum, beta1), gradient)
    const nextSquares = add(mul(squares, beta2), mul(gradient, gradient))
    const movement = mul(div(nextSum, add(sqrt(nextSquares), floor)), rate)
    graph.output(`${name}.next`, sub(parameter, movement))
    graph.output(`${name}.sum.next`, nextSum)
    graph.output(`${name}.squares.next`, nextSquares)
  }

  /** `slope` is the gradient by the unit rows, but for the factor `share`. */
  function backward({ x, weight, bias, length, unit }, slope) {
    const radial = mul(unit, reduceSum(mul(slope, unit), byRow))
    const byMapped = mul(sub(slope, radial), div(share, length))
    adam(weight, gemm(byMapped, x, { transposeA: true }))
    adam(bias, reduceSum(byMapped, byColumn))
  }

  const real = forward('real')
  const synthetic = forward('synthetic')
  const { unit: u } = real
  const { unit: v } = synthetic
  // Cosines are at most 1, so that this never overflows, and at this temperature nothing vanishes.
  const likeness = gemm(v, u, { transposeB: true, alpha: 1 / temperature })
  const shifted = exp(sub(likeness, 1 / temperature))
  const ofRows = reduceSum(shifted, byRow)
  const ofColumns = reduceSum(shifted, byColumn)
  const matches = mul(reduceSum(mul(u, v)), 2 / temperature)
  const logs = add(reduceSum(log(ofRows)), reduceSum(log(ofColumns)))
  graph.output('loss', add(mul(sub(logs, matches), half), 1 / temperature))

  const slopes = mul(shifted, add(div(1, ofRows), div(1, ofColumns)))
  backward(synthetic, gemm(slopes, u, { bias: u, beta: -2 }))
  backward(real, gemm(slopes, v, { transposeA: true, bias: v, beta: -2 }))
  return graph.toBytes()
}

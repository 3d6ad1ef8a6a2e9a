import fc from 'fast-check'
import type { GraphValue } from '../graph-node.js'
import { erf, gelu, relu, sigmoid, softplus } from '../operations/activations.js'
import { add, div, mul, sqrt, sub } from '../operations/arithmetic.js'
import { clamp, greaterOrEqual, where } from '../operations/comparison.js'
import { cast } from '../operations/conversion.js'
import { exp, log, neg } from '../operations/exponential.js'
import { concat, gather, slice, transpose } from '../operations/layout.js'
import { batchNorm, l2Normalize, layerNorm } from '../operations/normalization.js'
import { gemm, matMul } from '../operations/products.js'
import { reduceL2, reduceMax, reduceMean, reduceSum } from '../operations/reductions.js'
import { reshape } from '../operations/reshape.js'
import { gatherElements } from '../operations/scatter.js'
import { topK } from '../operations/selection.js'
import { logSoftmax, softmax } from '../operations/softmax.js'
import type { GradientCase } from './check-gradient.js'

type Cases = Record<string, fc.Arbitrary<GradientCase>>

const size = fc.integer({ min: 1, max: 4 })
const sizes = (rank: { min: number; max: number }) =>
  fc.array(size, { minLength: rank.min, maxLength: rank.max })
const anyShape = sizes({ min: 0, max: 3 })

/** Two shapes that broadcast: of a common one, each loses some leading axes and shrinks others to 1. */
const pair = fc
  .tuple(anyShape, fc.array(fc.constantFrom('both', 'left', 'right'), { minLength: 3, maxLength: 3 }))
  .chain(([common, keep]) =>
    fc.tuple(fc.nat(common.length), fc.nat(common.length)).map(([cutLeft, cutRight]) => [
      common.map((length, axis) => (keep[axis] === 'right' ? 1 : length)).slice(Math.min(cutLeft, cutRight) === cutLeft ? 0 : cutLeft),
      common.map((length, axis) => (keep[axis] === 'left' ? 1 : length)).slice(Math.min(cutLeft, cutRight) === cutLeft ? cutRight : 0),
    ]),
  )

/** A shape with one of its axes, counted from either side. */
const withAxis = sizes({ min: 1, max: 3 }).chain((dims) =>
  fc.tuple(fc.constant(dims), fc.integer({ min: -dims.length, max: dims.length - 1 })),
)

const reductionOptions = anyShape.chain((dims) =>
  fc.tuple(
    fc.constant(dims),
    fc.record(
      { axes: fc.subarray(dims.map((_, axis) => axis)), keepDimensions: fc.boolean() },
      { requiredKeys: [] },
    ),
  ),
)

const unary = (build: (a: GraphValue) => GraphValue, range?: [number, number]) =>
  anyShape.map((dims): GradientCase => ({
    dims: [dims],
    build: ([a]) => build(a as GraphValue),
    ...(range && { range }),
  }))

const binary = (build: (a: GraphValue, b: GraphValue) => GraphValue, range?: [number, number]) =>
  pair.map((dims): GradientCase => ({
    dims,
    build: ([a, b]) => build(a as GraphValue, b as GraphValue),
    ...(range && { range }),
  }))

const alongAxis = (build: (a: GraphValue, axis: number) => GraphValue) =>
  withAxis.map(([dims, axis]): GradientCase => ({
    dims: [dims],
    build: ([a]) => build(a as GraphValue, axis),
  }))

/** Vectors of one element would have length 1 whatever it is, and gradient 0 but for rounding. */
const l2NormalizeCase = withAxis.map(([dims, axis]): GradientCase => ({
  dims: [dims.with(axis, (dims.at(axis) as number) + 1)],
  build: ([a]) => l2Normalize(a as GraphValue, { axis }),
}))

const reduction = (build: typeof reduceSum) =>
  reductionOptions.map(([dims, options]): GradientCase => ({
    dims: [dims],
    build: ([a]) => build(a as GraphValue, options),
  }))

const gemmCase = fc
  .record({
    m: size,
    k: size,
    n: size,
    alpha: fc.constantFrom(1, 0.5, 1 / 0.07),
    beta: fc.constantFrom(1, -2, 0.1),
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
    bias: fc.constantFrom('none', 'scalar', 'row', 'column', 'matrix'),
  })
  .map(({ m, k, n, bias, ...options }): GradientCase => {
    const { transposeA, transposeB } = options
    const biases = { none: [], scalar: [[]], row: [[n]], column: [[m, 1]], matrix: [[m, n]] }
    return {
      dims: [transposeA ? [k, m] : [m, k], transposeB ? [n, k] : [k, n], ...biases[bias]],
      build: ([a, b, c]) =>
        gemm(a as GraphValue, b as GraphValue, c ? { ...options, bias: c } : options),
    }
  })

const matMulCase = fc
  .tuple(pair, size, size, size)
  .map(([[left = [], right = []], m, k, n]): GradientCase => ({
    dims: [
      [...left, m, k],
      [...right, k, n],
    ],
    build: ([a, b]) => matMul(a as GraphValue, b as GraphValue),
  }))

const transposeCase = anyShape.chain((dims) =>
  fc.shuffledSubarray(
    dims.map((_, axis) => axis),
    { minLength: dims.length },
  ).map((permutation): GradientCase => ({
    dims: [dims],
    build: ([a]) => transpose(a as GraphValue, { permutation }),
  })),
)

const bound = fc.option(fc.integer({ min: -6, max: 6 }), { nil: undefined })
const sliceCase = fc.tuple(withAxis, bound, bound).map(([[dims, axis], start, end]): GradientCase => ({
  dims: [dims],
  build: ([a]) =>
    slice(a as GraphValue, {
      axis,
      ...(start !== undefined && { start }),
      ...(end !== undefined && { end }),
    }),
}))

const concatCase = fc
  .tuple(withAxis, fc.array(size, { minLength: 1, maxLength: 3 }))
  .map(([[dims, axis], lengths]): GradientCase => ({
    dims: lengths.map((length) => dims.with(axis, length)),
    // The same value twice, as well as values of their own.
    build: (values) => concat([...values, values[0] as GraphValue], { axis }),
  }))

const gatherCase = fc
  .tuple(withAxis, sizes({ min: 0, max: 2 }), fc.array(fc.nat(), { minLength: 25, maxLength: 25 }))
  .map(([[dims, axis], indexDims, picks]): GradientCase => ({
    dims: [dims],
    build: ([a], graph) => {
      const length = indexDims.reduce((product, each) => product * each, 1)
      const rows = dims.at(axis) as number
      const data = BigInt64Array.from(picks.slice(0, length), (pick) => BigInt((pick % (2 * rows)) - rows))
      return gather(a as GraphValue, graph.constant({ type: 'int64', dims: indexDims, data }), { axis })
    },
  }))

/** Elements under indices that run against the axis, some of them twice. */
const gatherElementsCase = withAxis.map(([dims, axis]): GradientCase => ({
  dims: [dims],
  build: ([a], graph) => {
    const along = axis < 0 ? axis + dims.length : axis
    const size = dims[along] as number
    const data = BigInt64Array.from({ length: dims.reduce((left, right) => left * right, 1) }, (_, at) =>
      BigInt((2 * at) % size),
    )
    const indices = graph.constant({ type: 'int64', dims, data })
    return gatherElements(a as GraphValue, indices, { axis: along })
  },
}))

const topKCase = fc
  .tuple(withAxis, fc.nat(), fc.boolean())
  .map(([[dims, axis], pick, largest]): GradientCase => ({
    dims: [dims],
    build: ([a]) =>
      topK(a as GraphValue, { k: 1 + (pick % (dims.at(axis) as number)), axis, largest }).values,
  }))

const reshapeCase = fc.tuple(size, size, size).map(([a, b, c]): GradientCase => ({
  dims: [[a, b, c]],
  build: ([value]) => {
    const [first, second, third] = (value as GraphValue).shape as [number, number, number]
    const flat = typeof second === 'number' && typeof third === 'number' ? second * third : 'flat'
    return reshape(value as GraphValue, { shape: [flat, first] })
  },
}))

const layerNormCase = fc
  .tuple(sizes({ min: 1, max: 3 }), fc.nat(), fc.constantFrom(0, 1, 2))
  .map(([dims, pick, affine]): GradientCase => {
    const axis = pick % dims.length
    // Of one element, or of equal ones, the gradient is 0 but for rounding.
    const row = dims.with(dims.length - 1, (dims.at(-1) as number) + 2)
    return {
      dims: [row, row.slice(axis), row.slice(axis)].slice(0, affine + 1),
      build: ([a, scale, bias]) =>
        layerNorm(a as GraphValue, {
          axis: axis - dims.length,
          epsilon: 0.01,
          ...(scale && { scale }),
          ...(bias && { bias }),
        }),
    }
  })

const batchNormCase = (mode: 'training' | 'inference') =>
  fc
    .tuple(sizes({ min: 2, max: 4 }), fc.nat(), fc.constantFrom(0, 1, 2))
    .map(([dims, pick, affine]): GradientCase => {
      const axis = pick % dims.length
      const whole = dims.with(axis === 0 ? 1 : 0, 4)
      const channels = [whole[axis] as number]
      const statistics = mode === 'inference' ? 2 : 0
      return {
        dims: [whole, ...new Array(statistics + affine).fill(channels)],
        range: mode === 'inference' ? [0, 4] : [-2, 2],
        build: ([a, ...vectors]) => {
          const [mean, variance] = vectors.splice(0, statistics)
          const [scale, bias] = vectors
          const { values } = batchNorm(a as GraphValue, {
            axis,
            epsilon: 0.01,
            ...(mean && variance && { statistics: { mean, variance } }),
            ...(scale && { scale }),
            ...(bias && { bias }),
          })
          return values
        },
      }
    })

/** Every operation that has a gradient, over the shapes and settings that it takes. */
export const gradientCases: Cases = {
  add: binary(add),
  sub: binary(sub),
  mul: binary(mul),
  div: binary(div, [1, 4]),
  'mul of a value with itself': unary((a) => mul(a, a)),
  'sub of a number': unary((a) => sub(3, mul(a, 2))),
  'div of 1': binary((a, b) => mul(div(1, a), div(1, b)), [1, 4]),
  neg: unary(neg),
  sqrt: unary(sqrt, [0, 4]),
  exp: unary(exp),
  log: unary(log, [1, 5]),
  relu: unary(relu),
  sigmoid: unary(sigmoid, [-8, 8]),
  softplus: unary(softplus, [-8, 8]),
  erf: unary(erf),
  gelu: unary(gelu, [-4, 4]),
  matMul: matMulCase,
  gemm: gemmCase,
  reduceSum: reduction(reduceSum),
  reduceMean: reduction(reduceMean),
  reduceMax: reduction(reduceMax),
  reduceL2: reduction(reduceL2),
  softmax: alongAxis((a, axis) => softmax(a, { axis })),
  logSoftmax: alongAxis((a, axis) => logSoftmax(a, { axis })),
  l2Normalize: l2NormalizeCase,
  layerNorm: layerNormCase,
  'batchNorm in training': batchNormCase('training'),
  'batchNorm in inference': batchNormCase('inference'),
  transpose: transposeCase,
  reshape: reshapeCase,
  slice: sliceCase,
  concat: concatCase,
  gather: gatherCase,
  gatherElements: gatherElementsCase,
  topK: topKCase,
  clamp: unary((a) => clamp(a, { minimum: -1, maximum: 0.5 })),
  where: binary((a, b) => where(greaterOrEqual(a, 0), a, mul(b, b))),
  cast: unary((a) => cast(cast(a, 'float64'), a.type as 'float32')),
}

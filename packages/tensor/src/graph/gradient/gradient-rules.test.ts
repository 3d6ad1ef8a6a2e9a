import { readFileSync } from 'node:fs'
import type { Engine, Tensor } from '@assay/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../../engine/create-engine.js'
import { relativeError } from '../__fixtures__/check-gradient.js'
import { createGraph, type Graph } from '../graph.js'
import type { GraphValue } from '../graph-node.js'
import { erf, gelu, relu, sigmoid, softplus } from '../operations/activations.js'
import { add, div, mul, sqrt, sub } from '../operations/arithmetic.js'
import { clamp, greaterOrEqual, where } from '../operations/comparison.js'
import { exp, log } from '../operations/exponential.js'
import { concat, gather, slice, transpose } from '../operations/layout.js'
import { batchNorm, l2Normalize, layerNorm } from '../operations/normalization.js'
import { gemm, matMul } from '../operations/products.js'
import { reduceL2, reduceMax, reduceMean, reduceSum } from '../operations/reductions.js'
import { reshape } from '../operations/reshape.js'
import { topK } from '../operations/selection.js'
import { logSoftmax, softmax } from '../operations/softmax.js'
import { gradients } from './gradients.js'

interface OracleTensor {
  readonly dims: number[]
  readonly data: number[]
}
interface OracleCase {
  readonly operation: keyof typeof build
  readonly options: never
  /** Whether every element counts by its own size. */
  readonly precise: boolean
  readonly inputs: OracleTensor[]
  readonly result: OracleTensor
  readonly weights: OracleTensor
  readonly gradients: OracleTensor[]
}

const oracle = readFileSync(new URL('./gradient-rules.oracle.json', import.meta.url), 'utf8')
const { cases } = JSON.parse(oracle) as { cases: OracleCase[] }

const affine = (scale?: GraphValue, bias?: GraphValue) => ({
  ...(scale && { scale }),
  ...(bias && { bias }),
})

/** How each operation of the oracle is written in a graph. */
const build = {
  add: ([a, b]) => add(a, b),
  sub: ([a, b]) => sub(a, b),
  mul: ([a, b]) => mul(a, b),
  div: ([a, b]) => div(a, b),
  sqrt: ([a]) => sqrt(a),
  exp: ([a]) => exp(a),
  log: ([a]) => log(a),
  relu: ([a]) => relu(a),
  sigmoid: ([a]) => sigmoid(a),
  softplus: ([a]) => softplus(a),
  erf: ([a]) => erf(a),
  gelu: ([a]) => gelu(a),
  clamp: ([a], options) => clamp(a, options),
  where: ([a, b, c]) => where(greaterOrEqual(a, 0), b, c),
  matMul: ([a, b]) => matMul(a, b),
  gemm: ([a, b, bias], options) => gemm(a, b, Object.assign({}, options, bias && { bias })),
  reduceSum: ([a], options) => reduceSum(a, options),
  reduceMean: ([a], options) => reduceMean(a, options),
  reduceMax: ([a], options) => reduceMax(a, options),
  reduceL2: ([a], options) => reduceL2(a, options),
  softmax: ([a], options) => softmax(a, options),
  logSoftmax: ([a], options) => logSoftmax(a, options),
  l2Normalize: ([a], options) => l2Normalize(a, options),
  layerNorm: ([a, scale, bias], options) =>
    layerNorm(a, Object.assign({}, options, affine(scale, bias))),
  batchNorm: ([a, scale, bias], options) =>
    batchNorm(a, Object.assign({}, options, affine(scale, bias))).values,
  'batchNorm with statistics': ([a, scale, bias, mean, variance]) =>
    batchNorm(a, { scale, bias, statistics: { mean, variance } }).values,
  transpose: ([a], options) => transpose(a, options),
  reshape: ([a], options) => reshape(a, options),
  slice: ([a], options) => slice(a, options),
  concat: (values, options) => concat(values, options),
  gather: ([a], { indices, ...options }: { indices: number[] | number[][] }, graph) => {
    const data = BigInt64Array.from(indices.flat(), BigInt)
    const [first] = indices
    const dims = Array.isArray(first) ? [indices.length, first.length] : [indices.length]
    return gather(a, graph.constant({ type: 'int64', dims, data }), options)
  },
  topK: ([a], options) => topK(a, options).values,
} satisfies Record<
  string,
  (
    values: [GraphValue, GraphValue, GraphValue, GraphValue, GraphValue],
    options: never,
    graph: Graph,
  ) => GraphValue
>

type Floating = 'float32' | 'float64'

const toTensor = (type: Floating, { dims, data }: OracleTensor): Tensor =>
  type === 'float32'
    ? { type, dims, data: Float32Array.from(data) }
    : { type, dims, data: Float64Array.from(data) }

describe('operations and their gradients', () => {
  let engine: Engine
  beforeAll(() => {
    engine = createEngine({ threads: 1 })
  })
  afterAll(() => engine.close())

  async function compute(type: Floating, { operation, options, inputs, weights }: OracleCase) {
    const graph = createGraph()
    const values = inputs.map(({ dims }, at) => graph.input(`in${at}`, type, dims))
    const result = build[operation](values as never, options, graph)
    const loss = reduceSum(mul(result, graph.constant(toTensor(type, weights))))
    graph.output('result', result)
    gradients({ loss, parameters: values }).forEach((gradient, at) => {
      graph.output(`gradient${at}`, gradient)
    })
    const session = await engine.open(graph.toBytes())
    const feeds = inputs.map((input, at) => [`in${at}`, toTensor(type, input)])
    const computed = await session.run(Object.fromEntries(feeds))
    await session.close()
    return Object.keys(computed)
      .sort((a, b) => (a === 'result' ? -1 : b === 'result' ? 1 : a.localeCompare(b)))
      .map((name) => computed[name] as Tensor)
  }

  it.each(cases)('are what PyTorch gives: $operation $options', async (entry) => {
    const expected = [entry.result, ...entry.gradients]
    const double = await compute('float64', entry)
    const single = await compute('float32', entry)
    expected.forEach(({ dims, data }, at) => {
      const actual = Array.from(double[at]!.data, Number)
      expect(double[at]!.dims).toEqual(dims)
      expect(relativeError(actual, data)).toBeLessThan(1e-13)
      expect(relativeError(Array.from(single[at]!.data, Number), data)).toBeLessThan(1e-5)
      if (!entry.precise) return
      data.forEach((value, position) => {
        expect(relativeError([actual[position]!], [value])).toBeLessThan(1e-13)
      })
    })
  })

  it('are all in the oracle', () => {
    expect(new Set(cases.map(({ operation }) => operation))).toEqual(new Set(Object.keys(build)))
  })
})

import { readFileSync } from 'node:fs'
import type { Engine, Tensor } from '@assay/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../../engine/create-engine.js'
import { createGraph } from '../graph.js'
import type { GraphValue } from '../graph-node.js'
import { add, div, mul, sqrt, sub } from './arithmetic.js'
import { clamp, equal, greaterOrEqual, less, where } from './comparison.js'
import { cast } from './conversion.js'
import { concat, gather, slice, transpose } from './layout.js'
import { l2Normalize } from './normalization.js'
import { gemm, matMul } from './products.js'
import { reduceMax, reduceSum } from './reductions.js'
import { topK } from './selection.js'

interface OracleTensor {
  readonly dims: number[]
  readonly data: number[]
}
interface OracleCase {
  readonly operation: keyof typeof build
  readonly inputs: OracleTensor[]
  readonly options: never
  readonly outputs: OracleTensor[]
}

const oracle = readFileSync(new URL('./operations.oracle.json', import.meta.url), 'utf8')
const { cases } = JSON.parse(oracle) as { cases: OracleCase[] }

/** How each operation of the oracle is written in a graph. */
const build = {
  add: ([a, b]) => [add(a, b)],
  sub: ([a, b]) => [sub(a, b)],
  mul: ([a, b]) => [mul(a, b)],
  div: ([a, b]) => [div(a, b)],
  sqrt: ([a]) => [sqrt(a)],
  matMul: ([a, b]) => [matMul(a, b)],
  gemm: ([a, b, bias], options) => [gemm(a, b, Object.assign({}, options, bias && { bias }))],
  reduceSum: ([a], options) => [reduceSum(a, options)],
  reduceMax: ([a], options) => [reduceMax(a, options)],
  l2Normalize: ([a], options) => [l2Normalize(a, options)],
  topK: ([a], options) => {
    const { values, indices } = topK(a, options)
    return [values, indices]
  },
  transpose: ([a], options) => [transpose(a, options)],
  slice: ([a], options) => [slice(a, options)],
  concat: (values, options) => [concat(values, options)],
  gather: ([a, indices], options) => [gather(a, cast(indices, 'int64'), options)],
  clamp: ([a], options) => [clamp(a, options)],
  greaterOrEqual: ([a, b]) => [greaterOrEqual(a, b)],
  less: ([a, b]) => [less(a, b)],
  equal: ([a, b]) => [equal(a, b)],
  where: ([a, b, c]) => [where(greaterOrEqual(a, 0), b, c)],
} satisfies Record<
  string,
  (values: [GraphValue, GraphValue, GraphValue], options: never) => GraphValue[]
>

function tensor(type: 'float32' | 'float64', { dims, data }: OracleTensor): Tensor {
  return type === 'float32'
    ? { type, dims, data: Float32Array.from(data) }
    : { type, dims, data: Float64Array.from(data) }
}

describe('operations', () => {
  let engine: Engine
  beforeAll(() => {
    engine = createEngine({ threads: 1 })
  })
  afterAll(() => engine.close())

  for (const type of ['float32', 'float64'] as const) {
    // The inputs are exact in float32; results differ by a few roundings of sums of at most 12 terms.
    const digits = type === 'float32' ? 5 : 13
    it.each(cases)(`give what NumPy gives in ${type}: $operation $options`, async (entry) => {
      const { operation, inputs, options, outputs } = entry
      const graph = createGraph()
      const values = inputs.map(({ dims }, index) => graph.input(`in${index}`, type, dims))
      const results = build[operation](values as never, options)
      results.forEach((value, index) => {
        graph.output(`out${index}`, value)
      })
      const session = await engine.open(graph.toBytes())
      const feeds = inputs.map((input, index) => [`in${index}`, tensor(type, input)])
      const computed = await session.run(Object.fromEntries(feeds))
      outputs.forEach((expected, index) => {
        const { dims, data } = computed[`out${index}`] as Tensor
        expect(dims).toEqual(expected.dims)
        expect(results[index]?.shape).toEqual(expected.dims)
        const actual = Array.from(data, Number)
        expected.data.forEach((value, position) => {
          expect(actual[position]).toBeCloseTo(value, digits)
        })
      })
      await session.close()
    })
  }

  it('are all in the oracle', () => {
    expect(new Set(cases.map(({ operation }) => operation))).toEqual(new Set(Object.keys(build)))
  })

  it('round as floating types do, and cut towards zero for integers', async () => {
    const graph = createGraph()
    const a = graph.input('a', 'float64', ['n'])
    for (const type of ['float32', 'float64', 'int32', 'int64', 'bool', 'float16'] as const) {
      graph.output(type, cast(a, type))
    }
    const session = await engine.open(graph.toBytes())
    const data = Float64Array.of(0.1, -2.75, 0, 7.5)
    const results = await session.run({ a: { type: 'float64', dims: [4], data } })
    expect(results['float32']?.data).toEqual(Float32Array.from(data))
    expect(results['float64']?.data).toEqual(data)
    expect(results['int32']?.data).toEqual(Int32Array.of(0, -2, 0, 7))
    expect(results['int64']?.data).toEqual(BigInt64Array.of(0n, -2n, 0n, 7n))
    expect(results['bool']?.data).toEqual(Uint8Array.of(1, 1, 0, 1))
    // 0.1 rounds to 0x2e66; -2.75, 0 and 7.5 are exact.
    expect(results['float16']?.data).toEqual(Uint16Array.of(0x2e66, 0xc180, 0, 0x4780))
  })
})

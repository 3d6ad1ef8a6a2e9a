import type { Engine, Tensor } from '@assay/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../../engine/create-engine.js'
import { createGraph } from '../graph.js'
import type { GraphValue } from '../graph-node.js'
import { describeGraph } from '../inspection/describe-graph.js'
import { erf, gelu, relu, sigmoid, softplus } from '../operations/activations.js'
import { div, mul } from '../operations/arithmetic.js'
import { clamp } from '../operations/comparison.js'
import { logSoftmax, softmax } from '../operations/softmax.js'

type Floating = 'float32' | 'float64'

const tensor = (type: Floating, dims: number[], values: readonly number[]): Tensor =>
  type === 'float32'
    ? { type, dims, data: Float32Array.from(values) }
    : { type, dims, data: Float64Array.from(values) }

describe('operators that the runtime lacks or mars', () => {
  let engine: Engine
  beforeAll(() => {
    engine = createEngine({ threads: 1 })
  })
  afterAll(() => engine.close())

  async function compute(
    operation: (a: GraphValue) => GraphValue,
    type: Floating,
    rows: readonly (readonly number[])[],
  ): Promise<number[]> {
    const graph = createGraph()
    const dims = [rows.length, rows[0]?.length ?? 0]
    graph.output('y', operation(graph.input('x', type, dims)))
    const session = await engine.open(graph.toBytes())
    const { y } = await session.run({ x: tensor(type, dims, rows.flat()) })
    await session.close()
    return Array.from((y as Tensor).data, Number)
  }

  it.each(['float32', 'float64'] as const)('keep their digits far from 0: %s', async (type) => {
    const points = [-80, -40, -30, -18, -17, -1, 0, 1, 17, 30, 80]
    const digits = type === 'float32' ? 1e-6 : 1e-15
    const expectations = [
      [sigmoid, (x: number) => 1 / (1 + Math.exp(-x))],
      [softplus, (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))],
    ] as const
    for (const [operation, expected] of expectations) {
      const results = await compute(operation, type, [points])
      points.forEach((x, at) => {
        const value = expected(x)
        expect(Math.abs((results[at] as number) - value) / value).toBeLessThan(digits)
      })
    }
  })

  it.each(['float32', 'float64'] as const)('have their limits at infinity: %s', async (type) => {
    const ends = [[-Infinity, Infinity]]
    expect(await compute(sigmoid, type, ends)).toEqual([0, 1])
    expect(await compute(softplus, type, ends)).toEqual([0, Infinity])
    expect(await compute(erf, type, ends)).toEqual([-1, 1])
    expect(await compute(relu, type, ends)).toEqual([0, Infinity])
    const above = (a: GraphValue) => clamp(a, { minimum: -1 })
    const below = (a: GraphValue) => clamp(a, { maximum: 1 })
    expect(await compute(above, type, ends)).toEqual([-1, Infinity])
    expect(await compute(below, type, ends)).toEqual([-Infinity, 1])
  })

  it.each(['float32', 'float64'] as const)('let NaN be seen: %s', async (type) => {
    for (const operation of [sigmoid, softplus, erf, relu, gelu]) {
      const results = await compute(operation, type, [[1, 2, NaN]])
      expect(results.map(Number.isNaN)).toEqual([false, false, true])
    }
    const clamped = await compute((a) => clamp(a, { minimum: 0, maximum: 1 }), type, [[2, NaN]])
    expect(clamped).toEqual([1, NaN])
    for (const operation of [softmax, logSoftmax]) {
      const rows = [
        [1, 2, NaN],
        [NaN, 1, 2],
        [1, 1, 1],
      ]
      const results = await compute(operation, type, rows)
      expect(results.map(Number.isNaN)).toEqual([...new Array(6).fill(true), false, false, false])
    }
  })

  it('are written as others under their own name, and stay whole in the graph', () => {
    const graph = createGraph()
    const results = [erf, softplus, sigmoid, logSoftmax].map((operation, at) =>
      operation(graph.input(`x${at}`, 'float64', ['n'])),
    )
    results.forEach((result, at) => {
      graph.output(`y${at}`, result)
    })
    const whole = graph.nodes.map(({ operator }) => operator)
    expect(whole.filter((operator) => operator !== 'Identity')).toEqual([
      'Erf',
      'Softplus',
      'Sigmoid',
      'LogSoftmax',
    ])
    const { operators } = describeGraph(graph.toBytes())
    const written = new Set(operators.map(({ operator }) => operator))
    for (const operator of ['Erf', 'Softplus', 'Sigmoid', 'LogSoftmax']) {
      expect(written).not.toContain(operator)
    }
    const names = operators.flatMap(({ outputs }) => outputs.map(({ name }) => name))
    expect(names).toEqual(expect.arrayContaining(results.map(({ name }) => name)))
    expect(new Set(names).size).toBe(names.length)
  })

  it('do not meet the fusion of quotients that breaks graphs', async () => {
    const graph = createGraph()
    const x = graph.input('x', 'float64', [2])
    const one = graph.constant(tensor('float64', [], [1]))
    const inverse = div(1, x)
    graph.output('inverse', inverse)
    graph.output('product', mul(inverse, div(one, mul(x, x))))
    const session = await engine.open(graph.toBytes())
    const { product } = await session.run({ x: tensor('float64', [2], [2, 4]) })
    expect(product?.data).toEqual(Float64Array.of(1 / 8, 1 / 64))
  })
})

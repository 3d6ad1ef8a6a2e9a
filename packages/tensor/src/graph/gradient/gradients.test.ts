import type { Engine } from '@assay/core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../../engine/create-engine.js'
import {
  type GradientCase,
  prepareComparison,
  relativeError,
} from '../__fixtures__/check-gradient.js'
import { gradientCases } from '../__fixtures__/gradient-cases.js'
import { createGraph, type Graph, type NodeDescription } from '../graph.js'
import type { GraphValue } from '../graph-node.js'
import { gelu } from '../operations/activations.js'
import { add, mul } from '../operations/arithmetic.js'
import { greaterOrEqual } from '../operations/comparison.js'
import { cast } from '../operations/conversion.js'
import { gather, slice } from '../operations/layout.js'
import { l2Normalize } from '../operations/normalization.js'
import { reduceMean, reduceSum } from '../operations/reductions.js'
import { gradients } from './gradients.js'

/** The squared length of the gradient of the sum of cubes of a computation's results. */
function steepnessOf(build: GradientCase['build']): GradientCase['build'] {
  return (values, graph) => {
    const result = build(values, graph)
    const loss = reduceSum(mul(mul(result, result), result))
    return gradients({ loss, parameters: values })
      .map((gradient) => reduceSum(mul(gradient, gradient)))
      .reduce((sum, square) => add(sum, square))
  }
}

describe('gradients', () => {
  let engine: Engine
  beforeAll(() => {
    engine = createEngine({ threads: 1 })
  })
  afterAll(() => engine.close())

  it.each(Object.entries(gradientCases))('agree with central differences: %s', async (_, cases) => {
    const property = fc.asyncProperty(
      cases,
      fc.boolean(),
      fc.nat(),
      async (base, symbolic, seed) => {
        const checked = { ...base, symbolic }
        const { tensors, differences, gradientsIn } = await prepareComparison(engine, checked, seed)
        const double = await gradientsIn('float64')
        const single = await gradientsIn('float32')
        tensors.forEach(({ dims }, at) => {
          expect(double[at]!.dims).toEqual(dims)
          expect(relativeError(double[at]!.data, differences[at]!)).toBeLessThan(1e-6)
          expect(relativeError(single[at]!.data, double[at]!.data)).toBeLessThan(1e-5)
        })
      },
    )
    await fc.assert(property, { seed: 3, numRuns: 12 })
  })

  it.each(Object.entries(gradientCases))('have gradients themselves: %s', async (_, cases) => {
    const property = fc.asyncProperty(
      cases,
      fc.boolean(),
      fc.nat(),
      async (base, symbolic, seed) => {
        const checked = { ...base, symbolic, build: steepnessOf(base.build) }
        const { differences, gradientsIn } = await prepareComparison(engine, checked, seed)
        const double = await gradientsIn('float64')
        differences.forEach((expected, at) => {
          expect(relativeError(double[at]!.data, expected)).toBeLessThan(1e-6)
        })
      },
    )
    await fc.assert(property, { seed: 4, numRuns: 5 })
  })

  /** Runs a graph of which all inputs are fed the same numbers. */
  async function run(graph: Graph, numbers: number[], threads = engine) {
    const session = await threads.open(graph.toBytes())
    const feeds = graph.inputs.map(({ name, shape }) => {
      const dims = shape.length === 0 ? [] : [numbers.length]
      const data = Float64Array.from(dims.length === 0 ? numbers.slice(0, 1) : numbers)
      return [name, { type: 'float64', dims, data } as const]
    })
    const results = await session.run(Object.fromEntries(feeds))
    await session.close()
    return (name: string) => Array.from(results[name]?.data ?? [], Number)
  }

  it('are by inputs and by what lies between, and add up over all uses', async () => {
    const graph = createGraph()
    const x = graph.input('x', 'float64', ['n'])
    const square = mul(x, x)
    const loss = reduceSum(add(mul(square, x), mul(square, 2)))
    const [byX, bySquare, byLoss, again] = gradients({ loss, parameters: [x, square, loss, x] })
    graph.output('by x', byX as GraphValue)
    graph.output('by square', bySquare as GraphValue)
    graph.output('by loss', byLoss as GraphValue)
    graph.output('again', again as GraphValue)
    const result = await run(graph, [1, -2])
    expect(result('by x')).toEqual([7, 4])
    expect(result('by square')).toEqual([3, 0])
    expect(result('by loss')).toEqual([1])
    expect(result('again')).toEqual([7, 4])
  })

  it('are zeros where the loss does not depend on a parameter', async () => {
    const graph = createGraph()
    const x = graph.input('x', 'float64', ['n'])
    const other = graph.input('other', 'float64', ['n'])
    const scalar = graph.input('scalar', 'float64', [])
    const parameters = [other, scalar]
    gradients({ loss: reduceSum(x), parameters }).forEach((gradient, at) => {
      expect(gradient.shape).toEqual(parameters[at]?.shape)
      graph.output(`gradient${at}`, gradient)
    })
    const result = await run(graph, [1, 2, 3])
    expect(result('gradient0')).toEqual([0, 0, 0])
    expect(result('gradient1')).toEqual([0])
    expect(gradients({ loss: reduceSum(x), parameters: [] })).toEqual([])
  })

  it('do not pass through integers and booleans', async () => {
    const graph = createGraph()
    const x = graph.input('x', 'float64', ['n'])
    const whole = cast(cast(x, 'int64'), 'float64')
    const positive = cast(greaterOrEqual(x, 0), 'float64')
    const loss = reduceSum(mul(x, add(whole, positive)))
    graph.output('gradient', gradients({ loss, parameters: [x] })[0] as GraphValue)
    const result = await run(graph, [2.5, -1.5])
    expect(result('gradient')).toEqual([3, -1])
  })

  it('pass from float64 to float32 and back', async () => {
    const graph = createGraph()
    const x = graph.input('x', 'float64', ['n'])
    const loss = reduceSum(mul(cast(x, 'float32'), 3))
    const [gradient] = gradients({ loss, parameters: [x] }) as [GraphValue]
    expect(gradient.type).toBe('float64')
    graph.output('gradient', gradient)
    expect((await run(graph, [1, 2]))('gradient')).toEqual([3, 3])
  })

  it('pass to what fed indices of any sizes gathered', async () => {
    for (const shape of [['n'], ['n', 'm'], []]) {
      const graph = createGraph()
      const table = graph.input('table', 'float64', ['rows', 2])
      const indices = graph.input('indices', 'int64', shape)
      const rows = gather(table, indices)
      graph.output('loss', reduceSum(mul(rows, rows)))
      const [loss] = graph.outputs as [GraphValue]
      graph.output('gradient', gradients({ loss, parameters: [table] })[0] as GraphValue)
      const session = await engine.open(graph.toBytes())
      const { gradient } = await session.run({
        table: { type: 'float64', dims: [3, 2], data: Float64Array.of(1, 2, 3, 4, 5, 6) },
        indices: {
          type: 'int64',
          dims: shape.map((name) => (name === 'n' ? 1 : 2)),
          data: shape.length === 2 ? BigInt64Array.of(2n, 2n) : BigInt64Array.of(2n),
        },
      })
      const times = shape.length === 2 ? 2 : 1
      expect(gradient?.data).toEqual(Float64Array.of(0, 0, 0, 0, times * 10, times * 12))
      await session.close()
    }
  })

  it('count every row that was gathered, whatever the threads', async () => {
    const graph = createGraph()
    const table = graph.input('table', 'float64', ['n'])
    const data = BigInt64Array.from({ length: 120_000 }, (_, at) => BigInt(at % 3))
    const indices = graph.constant({ type: 'int64', dims: [data.length / 8, 8], data })
    const loss = reduceSum(gather(table, indices))
    graph.output('gradient', gradients({ loss, parameters: [table] })[0] as GraphValue)
    const parallel = createEngine({ threads: 2 })
    for (let repeat = 0; repeat < 5; repeat += 1) {
      const result = await run(graph, [1, 1, 1, 1], parallel)
      expect(result('gradient')).toEqual([40_000, 40_000, 40_000, 0])
    }
    await parallel.close()
  })

  it('are the same nodes and bytes when they are built again', () => {
    const build = () => {
      const graph = createGraph()
      const x = graph.input('x', 'float32', ['n', 3])
      const loss = reduceMean(l2Normalize(gelu(slice(x, { axis: 0, start: -2 }))))
      graph.output('gradient', gradients({ loss, parameters: [x] })[0] as GraphValue)
      return graph.toBytes()
    }
    expect(build()).toEqual(build())
  })

  it('name the operator that has none, unless nobody asks for its gradient', () => {
    const graph = createGraph()
    const x = graph.input('x', 'float64', [2])
    const y = graph.input('y', 'float64', [2])
    const outputs = [{ type: 'float64', shape: [2] }] as const
    const [tangent] = graph.node({ operator: 'Tan', inputs: [x], outputs }) as [GraphValue]
    const loss = reduceSum(mul(tangent, y))
    expect(() => gradients({ loss, parameters: [x] })).toThrowError(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        value: 'Tan',
        message: expect.stringContaining('Tan'),
      }),
    )
    expect(gradients({ loss, parameters: [y, tangent] })).toHaveLength(2)
  })

  it('name the input that has none', () => {
    const graph = createGraph()
    const x = graph.input('x', 'float64', [2])
    const bound = graph.input('bound', 'float64', [])
    const outputs = [{ type: 'float64', shape: [2] }] as const
    const [clipped] = graph.node({ operator: 'Clip', inputs: [x, bound], outputs }) as [GraphValue]
    const loss = reduceSum(clipped)
    expect(() => gradients({ loss, parameters: [bound] })).toThrowError(/by its input 1/)
    expect(gradients({ loss, parameters: [x] })).toHaveLength(1)
  })

  it('are refused by what cannot have them', () => {
    const graph = createGraph()
    const x = graph.input('x', 'float64', [2])
    const whole = graph.input('whole', 'int64', [2])
    const foreign = createGraph().input('x', 'float64', [2])
    const loss = reduceSum(x)
    const argument = expect.objectContaining({ code: 'INVALID_ARGUMENT' })
    expect(() => gradients({ loss: x, parameters: [x] })).toThrowError(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    )
    expect(() => gradients({ loss, parameters: [whole] })).toThrowError(argument)
    expect(() => gradients({ loss, parameters: [foreign] })).toThrowError(argument)
    expect(() => gradients({ loss: reduceSum(whole), parameters: [x] })).toThrowError(argument)
  })

  it('are refused for settings of operators that no rule covers', () => {
    const graph = createGraph()
    const x = graph.input('x', 'float64', [2])
    const fed = graph.input('fed', 'int64', [1])
    const integers = (...values: number[]) => {
      const data = BigInt64Array.from(values, BigInt)
      return graph.constant({ type: 'int64', dims: [values.length], data })
    }
    const [zero, one] = [integers(0), integers(1)]
    const keepdims = { int: 0 }
    const axis = { int: 0 }
    const nodes: Omit<NodeDescription, 'outputs'>[] = [
      { operator: 'ReduceSum', inputs: [x, fed], attributes: { keepdims } },
      { operator: 'ReduceSum', inputs: [x], attributes: { keepdims } },
      { operator: 'ReduceSum', inputs: [x, zero] },
      { operator: 'Softmax', inputs: [x] },
      { operator: 'Slice', inputs: [x, zero, one, zero, one] },
      { operator: 'Slice', inputs: [x, zero, one, integers(0, 0)] },
      {
        operator: 'Pad',
        inputs: [x, integers(1, 1), null, zero],
        attributes: { mode: { string: 'edge' } },
      },
      { operator: 'ScatterElements', inputs: [x, fed, x], attributes: { axis } },
    ]
    for (const node of nodes) {
      const outputs = [{ type: 'float64', shape: [] }] as const
      const [loss] = graph.node({ ...node, outputs }) as [GraphValue]
      expect(() => gradients({ loss, parameters: [x] }), node.operator).toThrowError(
        expect.objectContaining({ code: 'INVALID_ARGUMENT', value: node.operator }),
      )
    }
  })
})

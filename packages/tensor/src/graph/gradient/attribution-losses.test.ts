import type { Engine, Tensor } from '@assay/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../../engine/create-engine.js'
import { createGraph, type Graph } from '../graph.js'
import type { GraphValue } from '../graph-node.js'
import { softplus } from '../operations/activations.js'
import { add, div, mul, sub } from '../operations/arithmetic.js'
import { exp, log } from '../operations/exponential.js'
import { transpose } from '../operations/layout.js'
import { l2Normalize } from '../operations/normalization.js'
import { gemm, matMul } from '../operations/products.js'
import { reduceL2, reduceMax, reduceMean, reduceSum } from '../operations/reductions.js'
import { logSoftmax } from '../operations/softmax.js'
import { gradients } from './gradients.js'

/** Rows of numbers as a float64 tensor; a plain row has one axis, a number none. */
function tensor(rows: number | number[] | number[][]): Extract<Tensor, { type: 'float64' }> {
  const data = Float64Array.from([rows].flat(2))
  if (typeof rows === 'number') return { type: 'float64', dims: [], data }
  const [first] = rows
  const dims = Array.isArray(first) ? [rows.length, first.length] : [rows.length]
  return { type: 'float64', dims, data }
}

const identity = (size: number) =>
  Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => Number(row === column)),
  )

const frobenius = (difference: GraphValue) => reduceL2(difference)
const square = (a: GraphValue) => mul(a, a)

/**
 * The losses of training-data attribution with the figures of their reference: S.-Y. Wang et al.,
 * Evaluating Data Attribution for Text-to-Image Models (2023), arXiv 2306.09345, computed there by
 * PyTorch in float64 and given with ten digits.
 */
describe('losses of data attribution', () => {
  let engine: Engine
  beforeAll(() => {
    engine = createEngine({ threads: 1 })
  })
  afterAll(() => engine.close())

  /** Values of a loss and of its gradients by the parameters, under their names. */
  async function differentiate(
    parameters: Record<string, number | number[] | number[][]>,
    build: (values: Record<string, GraphValue>, graph: Graph) => GraphValue,
  ): Promise<Record<string, number[]>> {
    const graph = createGraph()
    const feeds = Object.entries(parameters).map(([name, rows]) => [name, tensor(rows)] as const)
    const values = feeds.map(([name, { dims }]) => graph.input(name, 'float64', dims))
    const loss = build(Object.fromEntries(values.map((value) => [value.name, value])), graph)
    graph.output('loss', loss)
    gradients({ loss, parameters: values }).forEach((gradient, at) => {
      graph.output(`by ${feeds[at]?.[0]}`, gradient)
    })
    const session = await engine.open(graph.toBytes())
    const results = await session.run(Object.fromEntries(feeds))
    await session.close()
    const numbers = Object.entries(results).map(([name, { data }]) => [
      name,
      Array.from(data, Number),
    ])
    return Object.fromEntries(numbers)
  }

  function expectClose(actual: number[] | undefined, expected: readonly number[]): void {
    expect(actual).toHaveLength(expected.length)
    // The figures are rounded to ten decimals.
    expected.forEach((value, at) => {
      expect(Math.abs((actual?.[at] as number) - value)).toBeLessThan(1e-10)
    })
  }

  it('contrast pairs through two affine heads in both directions', async () => {
    const images = [
      [1, 2, 0.5],
      [0.2, -1, 1.5],
      [-0.7, 0.3, 0.9],
      [2, 0.1, -0.4],
    ]
    const drawn = [
      [0.9, 1.5, 0.9],
      [0.1, -0.6, 1.1],
      [-0.2, 0.8, 0.7],
      [1.4, 0.6, -0.9],
    ]
    const heads = { W: identity(3), b: [0, 0, 0], V: identity(3), c: [0, 0, 0] }
    const results = await differentiate(heads, (values, graph) => {
      const { W, b, V, c } = values as Record<'W' | 'b' | 'V' | 'c', GraphValue>
      const x = graph.constant(tensor(images))
      const y = graph.constant(tensor(drawn))
      const u = l2Normalize(gemm(x, W, { bias: b, transposeB: true }))
      const v = l2Normalize(gemm(y, V, { bias: c, transposeB: true }))
      const similarities = gemm(v, u, { transposeB: true, alpha: 1 / 0.07 })
      const pairs = graph.constant(tensor(identity(4)))
      const crossEntropy = (axis: number) =>
        div(reduceSum(mul(logSoftmax(similarities, { axis }), pairs)), -4)
      graph.output('rows', crossEntropy(1))
      graph.output('columns', crossEntropy(0))
      return div(add(crossEntropy(1), crossEntropy(0)), 2)
    })
    expectClose(results['rows'], [0.0660141656])
    expectClose(results['columns'], [0.010749043])
    expectClose(results['loss'], [0.0383816043])
    expectClose(
      results['by W'],
      [
        -0.0261052944, -0.2160128391, -0.1326640768, 0.1710421969, -0.0135070029, -0.1774043374,
        0.0949043018, 0.174302316, 0.0396122974,
      ],
    )
    expectClose(results['by b'], [-0.188308261, -0.1873820881, 0.086478033])
    expectClose(
      results['by V'],
      [
        -0.0860619015, 0.3393590768, 0.2758449716, -0.0476959592, 0.2143779471, 0.1971845328,
        0.048276593, -0.1545221206, -0.1283160456,
      ],
    )
    expectClose(results['by c'], [0.3982370322, 0.2924306532, -0.1843173368])
  })

  const matrix = [
    [1.1, 0.2, 0],
    [0, 0.9, -0.1],
    [0.3, 0, 1],
  ]
  const gramError = (m: GraphValue, graph: Graph) =>
    sub(matMul(transpose(m), m), graph.constant(tensor(identity(3))))

  it('hold a head near to a rotation, by a length or its square', async () => {
    const length = await differentiate({ m: matrix }, ({ m }, graph) =>
      frobenius(gramError(m as GraphValue, graph)),
    )
    expectClose(length['loss'], [0.6368673331])
    expectClose(length['by m']?.slice(0, 3), [1.1744989279, 0.6657587506, 0.9797958971])
    const squared = await differentiate({ m: matrix }, ({ m }, graph) =>
      reduceSum(square(gramError(m as GraphValue, graph))),
    )
    expectClose(squared['loss'], [0.4056])
    expectClose(squared['by m'], [1.496, 0.848, 1.248, 0.672, -0.504, -0.328, 1.56, -0.096, 0.4])
    const toIdentity = await differentiate({ m: matrix }, ({ m }, graph) =>
      reduceSum(square(sub(m as GraphValue, graph.constant(tensor(identity(3)))))),
    )
    expectClose(toIdentity['loss'], [0.16])
  })

  it('have gradient 0, and not NaN, where the head is a rotation', async () => {
    const results = await differentiate({ m: identity(3) }, ({ m }, graph) =>
      frobenius(gramError(m as GraphValue, graph)),
    )
    expect(results['loss']).toEqual([0])
    expect(results['by m']?.map(Math.abs)).toEqual(new Array(9).fill(0))
  })

  const scores = [
    [0.9, 0.7, 0.6, 0.3, 0.1],
    [0.4, 0.55, 0.2, 0.15, 0.05],
  ]
  /** Shares of the true exemplars: two of the first query, one of the second. */
  const shares = [
    [0.5, 0.5, 0, 0, 0],
    [1, 0, 0, 0, 0],
  ]

  it.each([
    {
      t: 1,
      beta: 0,
      losses: [1.3691113381, 1.4960572923],
      loss: 1.4325843152,
      byT: -0.1492983599,
      byBeta: 0.0002170964,
    },
    {
      t: 10,
      beta: -50,
      losses: [1.2976660491, 1.8714649143],
      loss: 1.5845654817,
      byT: 0.143809441,
      byBeta: -0.0039095425684,
    },
  ])('calibrate scores at t = $t, beta = $beta', async ({ t, beta, losses, loss, byT, byBeta }) => {
    const results = await differentiate({ t, beta }, (values, graph) => {
      const s = graph.constant(tensor(scores))
      const best = reduceMax(s, { axes: [1], keepDimensions: true })
      const closeness = exp(mul(sub(s, best), values['t'] as GraphValue))
      const shifted = add(closeness, mul(values['beta'] as GraphValue, 0.001))
      const mass = div(softplus(mul(shifted, 100)), 100)
      const logShares = reduceSum(mul(log(mass), graph.constant(tensor(shares))), { axes: [1] })
      const each = sub(log(reduceSum(mass, { axes: [1] })), logShares)
      graph.output('losses', each)
      return reduceMean(each)
    })
    expectClose(results['losses'], losses)
    expectClose(results['loss'], [loss])
    expectClose(results['by t'], [byT])
    expectClose(results['by beta'], [byBeta])
  })
})

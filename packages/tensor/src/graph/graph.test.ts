import type { Engine } from '@assay/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../engine/create-engine.js'
import { createGraph } from './graph.js'
import { describeGraph } from './inspection/describe-graph.js'
import { add, mul, sub } from './operations/arithmetic.js'
import { where } from './operations/comparison.js'
import { concat, gather, slice, transpose } from './operations/layout.js'
import { batchNorm, layerNorm } from './operations/normalization.js'
import { gemm, matMul } from './operations/products.js'
import { reduceSum } from './operations/reductions.js'
import { reshape } from './operations/reshape.js'
import { topK } from './operations/selection.js'
import { softmax } from './operations/softmax.js'

describe('createGraph', () => {
  let engine: Engine
  beforeAll(() => {
    engine = createEngine({ threads: 1 })
  })
  afterAll(() => engine.close())

  it('writes a file whose inputs and outputs keep names, types and shapes', async () => {
    const graph = createGraph({ name: 'affine' })
    const x = graph.input('x', 'float32', ['rows', 3])
    const weights = graph.constant({ type: 'float32', dims: [3, 2], data: new Float32Array(6) })
    graph.output('y', add(matMul(x, weights), 1))
    const session = await engine.open(graph.toBytes())
    expect(session.inputs).toEqual([{ name: 'x', type: 'float32', shape: ['rows', 3] }])
    expect(session.outputs).toEqual([{ name: 'y', type: 'float32', shape: ['rows', 2] }])
  })

  it('computes with constants of every element type as they were given', async () => {
    const graph = createGraph()
    const constants = {
      float32: { type: 'float32', dims: [2], data: Float32Array.of(1.5, -0) },
      float64: { type: 'float64', dims: [1, 2], data: Float64Array.of(0.1, 1e300) },
      float16: { type: 'float16', dims: [1], data: Uint16Array.of(0x3c00) },
      int64: { type: 'int64', dims: [1], data: BigInt64Array.of(-(2n ** 60n)) },
      int32: { type: 'int32', dims: [1], data: Int32Array.of(-7) },
      uint8: { type: 'uint8', dims: [3], data: Uint8Array.of(0, 128, 255) },
      bool: { type: 'bool', dims: [2], data: Uint8Array.of(0, 1) },
    } as const
    for (const [name, tensor] of Object.entries(constants)) {
      graph.output(name, graph.constant(tensor))
    }
    const session = await engine.open(graph.toBytes())
    expect(await session.run({})).toEqual(constants)
  })

  it('writes a view into a larger buffer, and nothing around it', async () => {
    const graph = createGraph()
    const data = Float32Array.of(9, 1, 2, 9).subarray(1, 3)
    graph.output('y', graph.constant({ type: 'float32', dims: [2], data }))
    const session = await engine.open(graph.toBytes())
    expect((await session.run({}))['y']?.data).toEqual(Float32Array.of(1, 2))
  })

  it('takes values and plain numbers in either place', async () => {
    const graph = createGraph()
    const x = graph.input('x', 'int64', [2])
    graph.output('y', sub(10, mul(x, 3)))
    const session = await engine.open(graph.toBytes())
    const x2 = { type: 'int64', dims: [2], data: BigInt64Array.of(1n, 2n) } as const
    expect((await session.run({ x: x2 }))['y']?.data).toEqual(BigInt64Array.of(7n, 4n))
  })

  it('keeps its operators in order, with their inputs and attributes, for inspection', () => {
    const graph = createGraph()
    const x = graph.input('x', 'float32', [2, 3])
    graph.output('y', gemm(x, x, { transposeB: true }))
    expect(graph.nodes.map((node) => node.operator)).toEqual(['Gemm', 'Identity'])
    expect(graph.nodes[0]?.inputs).toEqual([x, x])
    expect(graph.nodes[0]?.attributes['transB']).toEqual({ int: 1 })
    expect(graph.outputs[0]?.shape).toEqual([2, 2])
  })

  it('writes only what the outputs need', () => {
    const graph = createGraph()
    const x = graph.input('x', 'float32', [2])
    mul(x, 3)
    graph.output('y', add(x, 1))
    const { operators, constants, inputs } = describeGraph(graph.toBytes())
    expect(operators.map(({ operator }) => operator)).toEqual(['Add', 'Identity'])
    expect([constants.length, inputs.length]).toEqual([1, 1])
    expect(graph.nodes).toHaveLength(3)
  })

  it('names a size that only the run tells', () => {
    const graph = createGraph()
    const x = graph.input('x', 'float32', ['n', 2])
    const part = slice(x, { axis: 0, end: 5 })
    const whole = concat([x, x], { axis: 0 })
    const sizes = [x, part, whole].map((value) => value.shape[0])
    expect(new Set(sizes).size).toBe(3)
    expect(sizes.every((size) => typeof size === 'string')).toBe(true)
  })

  it('refuses names that are empty or taken, and a graph without outputs', () => {
    const graph = createGraph()
    const x = graph.input('x', 'float32', [1])
    expect(() => graph.input('x', 'float32', [1])).toThrow(/'x' is taken/)
    expect(() => graph.output('', x)).toThrow(/is empty/)
    expect(() => graph.toBytes()).toThrowError(expect.objectContaining({ code: 'EMPTY_INPUT' }))
    const ragged = { type: 'float32', dims: [3], data: new Float32Array(2) } as const
    expect(() => graph.constant(ragged)).toThrow(/cannot hold 2 values/)
  })

  it('refuses what cannot be computed while the graph is built', () => {
    const graph = createGraph()
    const a = graph.input('a', 'float32', ['n', 3])
    const b = graph.input('b', 'float32', ['m', 3])
    const c = graph.input('c', 'float64', ['n', 3])
    const half = graph.input('half', 'float16', [1])
    const other = createGraph().input('a', 'float32', ['n', 3])
    const shape = expect.objectContaining({ code: 'SHAPE_MISMATCH' })
    const argument = expect.objectContaining({ code: 'INVALID_ARGUMENT' })
    expect(() => add(a, b)).toThrowError(shape)
    expect(() => matMul(a, b)).toThrowError(shape)
    expect(() => gemm(a, b)).toThrowError(shape)
    expect(() => gemm(a, b, { transposeB: true, bias: a })).toThrowError(shape)
    expect(() => gemm(a, reduceSum(b, { axes: [0] }))).toThrowError(shape)
    expect(() => concat([a, b], { axis: 1 })).toThrowError(shape)
    expect(() => transpose(a, { permutation: [0, 0] })).toThrowError(shape)
    expect(() => topK(a, { k: 4 })).toThrowError(shape)
    expect(() => add(a, c)).toThrowError(argument)
    expect(() => add(a, other)).toThrowError(argument)
    expect(() => add(1, 2)).toThrowError(argument)
    expect(() => add(half, 1)).toThrowError(argument)
    expect(() => reduceSum(a, { axes: [2] })).toThrowError(argument)
    expect(() => topK(a, { k: 0 })).toThrowError(argument)
    expect(() => gather(a, b)).toThrowError(argument)
    expect(() => where(a, a, a)).toThrowError(argument)
    expect(() => reshape(a, { shape: ['p', 'q'] })).toThrowError(shape)
    expect(() => reshape(reduceSum(b, { axes: [0] }), { shape: [2, 2] })).toThrowError(shape)
    expect(() => layerNorm(a, { scale: a })).toThrowError(shape)
    expect(() => batchNorm(a, { bias: a })).toThrowError(shape)
    expect(() => batchNorm(reduceSum(a, { axes: [0] }), { axis: 0 })).toThrowError(shape)
    expect(() => softmax(a, { axis: 2 })).toThrowError(argument)
    expect(() => gemm(c, c, { transposeB: true, alpha: 0.1, bias: c })).toThrowError(shape)
    expect(() => concat([], { axis: 0 })).toThrowError(
      expect.objectContaining({ code: 'EMPTY_INPUT' }),
    )
  })
})

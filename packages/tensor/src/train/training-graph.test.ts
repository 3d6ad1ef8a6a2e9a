import type { Engine } from '@assay/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../engine/create-engine.js'
import { mul, sub } from '../graph/operations/arithmetic.js'
import { matMul } from '../graph/operations/products.js'
import { reduceMean } from '../graph/operations/reductions.js'
import { adam } from './optimizers/adam.js'
import { createTrainingGraph, type LossContext } from './training-graph.js'

const optimizer = adam({ learningRate: 0.5 })

const loss = ({
  parameters: { weight },
  batch: { x, y },
  report,
}: LossContext<'weight', 'x' | 'y'>) => {
  const error = sub(matMul(x, weight), y)
  report('bias', reduceMean(error))
  return reduceMean(mul(error, error))
}
const shapes = {
  parameters: { weight: { type: 'float32', shape: [2, 1] } },
  batch: {
    x: { type: 'float32', shape: ['rows', 2] },
    y: { type: 'float32', shape: ['rows', 1] },
  },
} as const

describe('createTrainingGraph', () => {
  let engine: Engine
  beforeAll(() => {
    engine = createEngine({ threads: 1 })
  })
  afterAll(() => engine.close())

  it('says what it takes, gives and carries on', () => {
    const { graph, carried, reported } = createTrainingGraph({ ...shapes, loss, optimizer })
    expect(graph.inputs.map(({ name }) => name)).toEqual([
      ...['weight', 'x', 'y', 'optimizer.learningRate', 'optimizer.step'],
      ...['weight.gradientSum', 'weight.squareSum'],
    ])
    expect(carried.map(({ input, output }) => [input, output])).toEqual([
      ['weight', 'weight.next'],
      ['weight.gradientSum', 'weight.gradientSum.next'],
      ['weight.squareSum', 'weight.squareSum.next'],
    ])
    expect(reported).toEqual(['bias'])
    const outputs = ['report.bias', 'loss', ...carried.map(({ output }) => output)]
    expect(graph.outputs.map(({ name }) => name)).toEqual(outputs)
  })

  it('is a file that any session can make a step with', async () => {
    const { graph } = createTrainingGraph({ ...shapes, loss, optimizer })
    const session = await engine.open(graph.toBytes())
    const float32 = (dims: number[], values: number[]) =>
      ({ type: 'float32', dims, data: Float32Array.from(values) }) as const
    const outputs = await session.run({
      weight: float32([2, 1], [1, -1]),
      x: float32([1, 2], [2, 1]),
      y: float32([1, 1], [3]),
      'optimizer.learningRate': float32([], [0.5]),
      'optimizer.step': float32([], [1]),
      'weight.gradientSum': float32([2, 1], [0, 0]),
      'weight.squareSum': float32([2, 1], [0, 0]),
    })
    // The error is 2 - 1 - 3 = -2, the gradient 2 (-2) [2, 1]; Adam's first step has the length of the rate.
    expect(outputs['loss']?.data).toEqual(Float32Array.of(4))
    expect(outputs['report.bias']?.data).toEqual(Float32Array.of(-2))
    expect(outputs['weight.gradientSum.next']?.data).toEqual(Float32Array.of(-8, -4))
    expect(outputs['weight.squareSum.next']?.data).toEqual(Float32Array.of(64, 16))
    const [first, second] = outputs['weight.next']?.data ?? []
    expect(Number(first)).toBeCloseTo(1.5, 6)
    expect(Number(second)).toBeCloseTo(-0.5, 6)
  })

  it('keeps a parameter that the loss does not depend on', async () => {
    const parameters = { ...shapes.parameters, idle: { type: 'float64', shape: [2] } } as const
    const { graph } = createTrainingGraph({ ...shapes, parameters, loss, optimizer })
    const idle = graph.outputs.find(({ name }) => name === 'idle.next')
    expect([idle?.type, idle?.shape]).toEqual(['float64', [2]])
    const step = graph.inputs.find(({ name }) => name === 'optimizer.step')
    expect(step?.type).toBe('float64')
  })

  it('refuses names that are taken, and reports that are no scalars', () => {
    const build = (change: object) => createTrainingGraph({ ...shapes, loss, optimizer, ...change })
    const code = (name: string) => expect.objectContaining({ code: name })
    const { parameters, batch } = shapes
    for (const taken of ['x', 'loss', 'optimizer.step', 'weight.squareSum', 'weight.next']) {
      const clash = { parameters: { ...parameters, [taken]: parameters.weight } }
      expect(() => build(clash), taken).toThrowError(code('INVALID_ARGUMENT'))
    }
    const matrix = (context: LossContext<'weight', 'x' | 'y'>) => {
      context.report('inputs', context.batch.x)
      return loss(context)
    }
    expect(() => build({ loss: matrix })).toThrowError(code('SHAPE_MISMATCH'))
    expect(() => build({ batch: { ...batch, weight: batch.x } })).toThrowError(
      code('INVALID_ARGUMENT'),
    )
  })
})

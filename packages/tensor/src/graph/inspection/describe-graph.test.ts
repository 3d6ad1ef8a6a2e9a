import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine } from '@assay/core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../../engine/create-engine.js'
import { gradients } from '../gradient/gradients.js'
import { createGraph } from '../graph.js'
import { ProtobufWriter } from '../onnx/protobuf-writer.js'
import { softplus } from '../operations/activations.js'
import { mul, sub } from '../operations/arithmetic.js'
import { clamp } from '../operations/comparison.js'
import { transpose } from '../operations/layout.js'
import { gemm } from '../operations/products.js'
import { reduceMean, reduceSum } from '../operations/reductions.js'
import { describeGraph } from './describe-graph.js'
import { formatGraph } from './format-graph.js'

/** A regression with its gradient: constants, settings and a free batch size. */
function regression(type: 'float32' | 'float64' = 'float64') {
  const graph = createGraph({ name: 'regression', metadata: { recipe: 'ridge', note: 'ünïcode' } })
  const x = graph.input('x', type, ['rows', 3])
  const y = graph.input('y', type, ['rows', 2])
  const weights = graph.input('weights', type, [2, 3])
  const prior = graph.constant(
    type === 'float32'
      ? { type, dims: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }
      : { type, dims: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) },
  )
  const error = sub(gemm(x, weights, { transposeB: true }), y)
  const distance = sub(weights, prior)
  const loss = reduceMean(softplus(mul(error, error)))
  const penalty = reduceSum(mul(distance, distance))
  const [gradient] = gradients({ loss, parameters: [weights] })
  graph.output('loss', loss)
  graph.output('penalty', penalty)
  graph.output('gradient', gradient as NonNullable<typeof gradient>)
  return graph
}

describe('describeGraph', () => {
  it('tells names, types, shapes, settings and sizes of a graph under construction', () => {
    const { operators, constants, ...rest } = describeGraph(regression())
    expect(rest).toEqual({
      name: 'regression',
      metadata: { recipe: 'ridge', note: 'ünïcode' },
      inputs: [
        { name: 'x', type: 'float64', shape: ['rows', 3] },
        { name: 'y', type: 'float64', shape: ['rows', 2] },
        { name: 'weights', type: 'float64', shape: [2, 3] },
      ],
      outputs: [
        { name: 'loss', type: 'float64', shape: [] },
        { name: 'penalty', type: 'float64', shape: [] },
        { name: 'gradient', type: 'float64', shape: [2, 3] },
      ],
      file: null,
    })
    expect(constants[0]).toMatchObject({ type: 'float64', shape: [2, 3], bytes: 48 })
    expect(operators[0]).toMatchObject({
      operator: 'Gemm',
      inputs: ['x', 'weights'],
      outputs: [{ type: 'float64', shape: ['rows', 2] }],
      attributes: { alpha: 1, transB: 1 },
    })
    expect(operators.map(({ operator }) => operator)).toContain('Softplus')
  })

  it('tells of the written file what it told of the graph, in operators that the runtime has', () => {
    const graph = regression()
    const built = describeGraph(graph)
    const written = describeGraph(graph.toBytes())
    expect(written).toMatchObject({
      name: built.name,
      metadata: built.metadata,
      inputs: built.inputs,
      outputs: built.outputs,
      file: { producer: 'assay', irVersion: 9, operatorSets: { '': 20 } },
    })
    expect(written.constants).toEqual(expect.arrayContaining([built.constants[0]]))
    expect(written.operators[0]).toMatchObject({
      operator: 'Gemm',
      inputs: ['x', 'weights'],
      attributes: { alpha: 1, beta: 1, transA: 0, transB: 1 },
    })
    expect(written.operators.map(({ operator }) => operator)).not.toContain('Softplus')
  })

  it('reads other writers’ files: packed lists, foreign domains and types, data kept elsewhere', () => {
    const floats = new Uint8Array(Float32Array.of(0.5, -2).buffer)
    const model = new ProtobufWriter()
    model.integer(1, 3)
    model.message(7, (graph) => {
      graph.message(1, (node) => {
        node.string(1, '')
        node.string(2, 'y')
        node.string(4, 'FusedMatMul')
        node.string(7, 'com.microsoft')
        const attributes: [string, number, (attribute: ProtobufWriter) => void][] = [
          ['packed', 7, (attribute) => attribute.bytes(8, Uint8Array.of(1, 172, 2))],
          ['floats', 6, (attribute) => attribute.bytes(7, floats)],
          ['texts', 8, (attribute) => attribute.string(9, 'a')],
          ['float', 1, (attribute) => attribute.float(2, 1.5)],
          ['text', 3, (attribute) => attribute.string(4, 'b')],
          ['graph', 5, (attribute) => attribute.bytes(6, Uint8Array.of())],
        ]
        for (const [name, type, write] of attributes) {
          node.message(5, (attribute) => {
            attribute.string(1, name)
            write(attribute)
            attribute.integer(20, type)
          })
        }
      })
      for (const [name, type] of [
        ['half', 16],
        ['names', 8],
        ['fifth', 22],
        ['odd', 99],
      ] as const) {
        graph.message(5, (tensor) => {
          tensor.bytes(1, Uint8Array.of(3, 3))
          tensor.integer(2, type)
          tensor.string(8, name)
          tensor.integer(14, 1)
        })
      }
      graph.message(11, (value) => value.string(1, 'half'))
      graph.message(11, (value) => value.string(1, 'sequence'))
    })
    const { inputs, constants, operators, file } = describeGraph(model.finish())
    expect(inputs).toEqual([{ name: 'sequence', type: null, shape: null }])
    expect(constants).toEqual([
      { name: 'half', type: 'bfloat16', shape: [3, 3], bytes: 18, external: true },
      { name: 'names', type: 'string', shape: [3, 3], bytes: null, external: true },
      { name: 'fifth', type: 'int4', shape: [3, 3], bytes: 5, external: true },
      { name: 'odd', type: 'type 99', shape: [3, 3], bytes: null, external: true },
    ])
    expect(operators).toEqual([
      {
        operator: 'com.microsoft:FusedMatMul',
        inputs: [''],
        outputs: [{ name: 'y', type: null, shape: null }],
        attributes: {
          packed: [1, 300],
          floats: [0.5, -2],
          texts: ['a'],
          float: 1.5,
          text: 'b',
          graph: null,
        },
      },
    ])
    expect(file).toEqual({ producer: '', irVersion: 3, operatorSets: {} })
  })

  it('gives a description or UNSUPPORTED_FORMAT for whatever bytes', () => {
    const bytes = regression().toBytes()
    const accepts = (damaged: Uint8Array) => {
      try {
        return typeof formatGraph(describeGraph(damaged)) === 'string'
      } catch (error) {
        return (error as { code?: string }).code === 'UNSUPPORTED_FORMAT'
      }
    }
    for (let length = 0; length < bytes.length; length += 1) {
      expect(accepts(bytes.subarray(0, length))).toBe(true)
    }
    const overwrite = fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => {
      expect(accepts(bytes.with(at, byte))).toBe(true)
    })
    fc.assert(overwrite, { seed: 5, numRuns: 2000 })
    const noise = fc.property(fc.uint8Array({ maxLength: 60 }), (any) => {
      expect(accepts(any)).toBe(true)
    })
    fc.assert(noise, { seed: 6, numRuns: 2000 })
    expect(() => describeGraph(new Uint8Array())).toThrowError(
      expect.objectContaining({ code: 'UNSUPPORTED_FORMAT' }),
    )
  })
})

describe('formatGraph', () => {
  it('writes one line a value or operator', () => {
    const graph = createGraph({ name: 'tiny', metadata: { author: 'me' } })
    const x = graph.input('x', 'int64', ['n', 2])
    graph.output('y', transpose(clamp(mul(x, 2), { maximum: 1 })))
    expect(formatGraph(describeGraph(graph.toBytes()))).toBe(
      [
        'graph tiny',
        'file by assay, format 9, ai.onnx 20',
        'metadata author "me"',
        'input x int64[n, 2]',
        'constant constant/1 int64[], 8 bytes',
        'constant constant/3 int64[], 8 bytes',
        'Mul/2 = Mul(x, constant/1)',
        'Clip/4 = Clip(Mul/2, , constant/3)',
        'Transpose/5 = Transpose(Clip/4, perm=[1,0])',
        'y int64[2, n] = Identity(Transpose/5)',
        'output y int64[2, n]',
        '',
      ].join('\n'),
    )
  })
})

const sines = (length: number) => Array.from({ length }, (_, at) => Math.sin(at))
const fill = {
  float32: (length: number) => Float32Array.from(sines(length)),
  float64: (length: number) => Float64Array.from(sines(length)),
}

describe('a saved graph', () => {
  let engine: Engine
  let folder: string
  beforeAll(async () => {
    engine = createEngine({ threads: 1 })
    folder = await mkdtemp(join(tmpdir(), 'assay-graph-'))
  })
  afterAll(async () => {
    await engine.close()
    await rm(folder, { recursive: true })
  })

  it.each(['float32', 'float64'] as const)(
    'gives the same results when opened again: %s',
    async (type) => {
      const bytes = regression(type).toBytes()
      const path = join(folder, `${type}.onnx`)
      await writeFile(path, bytes)
      expect(describeGraph(await readFile(path))).toEqual(describeGraph(bytes))
      const feed = (dims: number[]) => ({
        type,
        dims,
        data: fill[type](dims[0]! * dims[1]!),
      })
      const feeds = { x: feed([4, 3]), y: feed([4, 2]), weights: feed([2, 3]) }
      const [fresh, opened] = await Promise.all([engine.open(bytes), engine.open({ path })])
      const results = await fresh.run(feeds as never)
      expect(await opened.run(feeds as never)).toEqual(results)
      expect(results['gradient']?.dims).toEqual([2, 3])
    },
  )

  it('is the same bytes when it is built again', () => {
    expect(regression().toBytes()).toEqual(regression().toBytes())
  })

  it('is refused where it would not fit its format', () => {
    const graph = createGraph()
    const huge = { type: 'uint8', dims: [2 ** 31], data: new Uint8Array(2 ** 31) } as const
    graph.output('y', graph.constant(huge))
    expect(() => graph.toBytes()).toThrowError(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }))
  })
})

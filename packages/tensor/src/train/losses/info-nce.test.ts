import { readFileSync } from 'node:fs'
import type { Engine, Tensor } from '@assay/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../../engine/create-engine.js'
import { gradients } from '../../graph/gradient/gradients.js'
import { createGraph } from '../../graph/graph.js'
import { l2Normalize } from '../../graph/operations/normalization.js'
import { infoNce } from './info-nce.js'

interface OracleCase {
  readonly rows: number
  readonly columns: number
  readonly temperature: number
  readonly directions: 'both' | 'query-to-key'
  readonly unit: boolean
  readonly queries: number[]
  readonly keys: number[]
  readonly loss: number
  readonly gradients: Readonly<Record<'queries' | 'keys' | 'temperature', number[]>>
}

const text = readFileSync(new URL('./info-nce.oracle.json', import.meta.url), 'utf8')
const { cases } = JSON.parse(text) as { cases: OracleCase[] }

type Floating = 'float32' | 'float64'

function tensor(type: Floating, dims: readonly number[], values: readonly number[]): Tensor {
  return type === 'float32'
    ? { type, dims, data: Float32Array.from(values) }
    : { type, dims, data: Float64Array.from(values) }
}

describe('infoNce', () => {
  let engine: Engine
  beforeAll(() => {
    engine = createEngine({ threads: 1 })
  })
  afterAll(() => engine.close())

  /** Loss and gradients, with the temperature as a number or as a value that is trained. */
  async function run(entry: OracleCase, type: Floating, trainTemperature: boolean) {
    const graph = createGraph()
    const queries = graph.input('queries', type, ['rows', entry.columns])
    const keys = graph.input('keys', type, ['rows', entry.columns])
    const temperature = trainTemperature ? graph.input('temperature', type, []) : null
    const [q, k] = entry.unit ? [l2Normalize(queries), l2Normalize(keys)] : [queries, keys]
    const options = { temperature: temperature ?? entry.temperature, directions: entry.directions }
    const loss = infoNce(q, k, options)
    graph.output('loss', loss)
    const parameters = temperature ? [queries, keys, temperature] : [queries, keys]
    gradients({ loss, parameters }).forEach((gradient, index) => {
      graph.output(`by ${parameters[index]?.name}`, gradient)
    })
    const session = await engine.open(graph.toBytes())
    const dims = [entry.rows, entry.columns]
    const outputs = await session.run({
      queries: tensor(type, dims, entry.queries),
      keys: tensor(type, dims, entry.keys),
      ...(temperature && { temperature: tensor(type, [], [entry.temperature]) }),
    })
    await session.close()
    return outputs
  }

  for (const [type, tolerance] of [
    ['float64', 1e-10],
    ['float32', 1e-5],
  ] as const) {
    for (const trained of [false, true]) {
      const how = trained ? 'a trained temperature' : 'a fixed temperature'
      it.each(cases.map((entry) => [entry.rows, entry.temperature, entry.directions, entry]))(
        `equals cross entropy and its gradients in ${type} with ${how}: %i rows, %f, %s`,
        async (_rows, _temperature, _directions, entry) => {
          const outputs = await run(entry as OracleCase, type, trained)
          const { loss, gradients: expected } = entry as OracleCase
          expect(distance(outputs['loss'], [loss])).toBeLessThan(tolerance * Math.max(1, loss))
          for (const [name, gradient] of Object.entries(expected)) {
            if (name === 'temperature' && !trained) continue
            const length = Math.hypot(...gradient)
            const error = distance(outputs[`by ${name}`], gradient)
            expect(error, name).toBeLessThanOrEqual(tolerance * Math.max(length, 1e-3))
          }
        },
      )
    }
  }

  it('refuses queries and keys that are no pairs', () => {
    const graph = createGraph()
    const queries = graph.input('queries', 'float32', [4, 3])
    const keys = graph.input('keys', 'float32', [5, 3])
    expect(() => infoNce(queries, keys, { temperature: 1 })).toThrowError(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    )
  })
})

/** Euclidean distance of a tensor to what it should be. */
function distance(actual: Tensor | undefined, expected: readonly number[]): number {
  expect(actual?.data.length).toBe(expected.length)
  return Math.hypot(...expected.map((value, index) => value - Number(actual?.data[index])))
}

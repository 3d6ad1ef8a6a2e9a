import { readFileSync } from 'node:fs'
import type { Engine, Tensor } from '@assay/core'
import { createEngine } from '@assay/tensor'
import { createGraph, type GraphValue, gradients } from '@assay/tensor/graph'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AttributionLossSettings, attributionLoss } from './attribution-loss.js'

type Weights = Record<string, number[] | number[][]>

interface OracleCase extends Pick<AttributionLossSettings, 'form' | 'direction' | 'regulariser'> {
  weights: Weights[]
  pool: boolean
  loss: number
  contrastive: number
  regularisation: number | null
  gradients: Record<string, number[]>[]
}

const text = readFileSync(new URL('./attribution-loss.oracle.json', import.meta.url), 'utf8')
const oracle = JSON.parse(text) as {
  real: number[][]
  synthetic: number[][]
  pool: number[][]
  cases: Record<string, OracleCase>
}

type Tensor64 = Extract<Tensor, { type: 'float64' }>

function tensor(rows: readonly (number | readonly number[])[]): Tensor64 {
  const [first] = rows
  const dims = typeof first === 'number' ? [rows.length] : [rows.length, first?.length ?? 0]
  return { type: 'float64', dims, data: Float64Array.from(rows.flat()) }
}

/** The weights of each side as feeds, `SIDE.NAME`. */
const feedsOf = ({ weights }: OracleCase): Record<string, Tensor64> =>
  Object.fromEntries(
    weights.flatMap((side, at) =>
      Object.entries(side).map(([name, rows]) => [`${at}.${name}`, tensor(rows)]),
    ),
  )

/** The loss of a case, its terms and its gradients, as a graph. */
function graphOf(known: OracleCase): Uint8Array {
  const graph = createGraph()
  const inputs = Object.entries(feedsOf(known)).map(([name, { dims }]) =>
    graph.input(name, 'float64', dims),
  )
  const sides = known.weights.map((_, at) => {
    const own = inputs.filter(({ name }) => name.startsWith(`${at}.`))
    return Object.fromEntries(own.map((value) => [value.name.slice(2), value]))
  })
  const [real = {}, synthetic = real] = sides as [Record<string, GraphValue>]
  const { loss, contrastive, regularisation } = attributionLoss(
    {
      real,
      synthetic,
      batch: {
        real: graph.constant(tensor(oracle.real)),
        synthetic: graph.constant(tensor(oracle.synthetic)),
        ...(known.pool && { pool: graph.constant(tensor(oracle.pool)) }),
      },
    },
    { ...known, temperature: 0.07, regulariserWeight: 0.05 },
  )
  graph.output('loss', loss)
  graph.output('contrastive', contrastive)
  if (regularisation) graph.output('regularisation', regularisation)
  gradients({ loss, parameters: inputs }).forEach((gradient, at) => {
    graph.output(`by ${inputs[at]?.name}`, gradient)
  })
  return graph.toBytes()
}

describe('attributionLoss', () => {
  let engine: Engine
  beforeAll(() => {
    engine = createEngine({ threads: 1 })
  })
  afterAll(() => engine.close())

  async function run(known: OracleCase, feeds: Record<string, Tensor64>) {
    const session = await engine.open(graphOf(known))
    const outputs = await session.run(feeds)
    await session.close()
    return (name: string) => Array.from(outputs[name]?.data ?? [], Number)
  }

  it.each(Object.entries(oracle.cases))(
    'equals that of PyTorch, as its gradients do: %s',
    async (_, known) => {
      const values = await run(known, feedsOf(known))
      expect(values('loss')[0]).toBeCloseTo(known.loss, 10)
      expect(values('contrastive')[0]).toBeCloseTo(known.contrastive, 10)
      if (known.regularisation === null) expect(values('regularisation')).toEqual([])
      else expect(values('regularisation')[0]).toBeCloseTo(known.regularisation, 10)
      known.gradients.forEach((side, at) => {
        for (const [name, expected] of Object.entries(side)) {
          const actual = values(`by ${at}.${name}`)
          expect(actual).toHaveLength(expected.length)
          actual.forEach((value, index) => {
            expect(Math.abs(value - expected[index]!), `${name}[${index}]`).toBeLessThan(1e-8)
          })
        }
      })
    },
  )

  it.each([
    'orthogonality',
    'squared orthogonality',
    'negatives of a pool',
    // Not plain `channels`, one side of which is the identity, where the norm has a kink.
    'channels, squared',
    'an MLP',
  ])('has the gradients that central differences have: %s', async (name) => {
    const known = oracle.cases[name]!
    const feeds = feedsOf(known)
    const session = await engine.open(graphOf(known))
    const outputs = await session.run(feeds)
    const lossAt = async (input: string, at: number, value: number) => {
      const fed = feeds[input]!
      const moved = { ...fed, data: fed.data.with(at, value) }
      return Number((await session.run({ ...feeds, [input]: moved }))['loss']?.data[0])
    }
    for (const [input, { data }] of Object.entries(feeds)) {
      const gradient = Array.from(outputs[`by ${input}`]?.data ?? [], Number)
      const scale = Math.max(1e-2, ...gradient.map(Math.abs))
      for (const [at, value] of data.entries()) {
        const step = 1e-5
        const above = await lossAt(input, at, value + step)
        const below = await lossAt(input, at, value - step)
        const difference = (above - below) / (2 * step)
        expect(Math.abs(gradient[at]! - difference) / scale, `${input}[${at}]`).toBeLessThan(1e-6)
      }
    }
    await session.close()
  })

  // The figures of the specification, which PyTorch gave in another run.
  it('holds a turned matrix to the figures of the specification', async () => {
    const turned = oracle.cases['squared orthogonality']!
    const values = await run(turned, feedsOf(turned))
    expect(values('regularisation')[0]).toBeCloseTo(0.4056, 10)
    const norm = oracle.cases['a shared head']!
    expect((await run(norm, feedsOf(norm)))('regularisation')[0]).toBeCloseTo(0.6368673331, 9)
    const identity = oracle.cases['identity heads']!
    const heads = await run(identity, feedsOf(identity))
    expect(heads('loss')[0]).toBeCloseTo(0.0383816043, 9)
    const bias = [-0.188308261, -0.1873820881, 0.086478033]
    heads('by 0.bias').forEach((value, at) => {
      expect(value).toBeCloseTo(bias[at]!, 9)
    })
    const still = oracle.cases['orthogonality at the identity']!
    expect((await run(still, feedsOf(still)))('by 0.weight')).toEqual(heads('by 0.weight'))
  })
})

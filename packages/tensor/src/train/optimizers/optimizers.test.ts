import { readFileSync } from 'node:fs'
import type { Engine, Tensor } from '@assay/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../../engine/create-engine.js'
import { add, mul, sub } from '../../graph/operations/arithmetic.js'
import { matMul } from '../../graph/operations/products.js'
import { reduceMean } from '../../graph/operations/reductions.js'
import { fit } from '../fit.js'
import { cosineRate, warmUpRate } from '../learning-rate.js'
import type { Optimizer } from '../optimizer.js'
import { adam } from './adam.js'
import { adamW } from './adam-w.js'
import { sgd } from './sgd.js'

interface Trajectory {
  readonly losses: number[]
  readonly rates: number[]
  readonly weight: number[]
  readonly bias: number[]
}
interface OracleCase {
  readonly optimizer: keyof typeof optimizers
  readonly options: Record<string, unknown>
  readonly rate: { warmUp: number; from: number; to: number; steps: number } | null
  readonly float64: Trajectory
  readonly float32: Trajectory
}

const text = readFileSync(new URL('./optimizers.oracle.json', import.meta.url), 'utf8')
const oracle = JSON.parse(text) as {
  parameters: { weight: number[]; bias: number[] }
  batches: { x: number[]; y: number[] }[]
  cases: OracleCase[]
}

const optimizers = { sgd, adam, adamW } satisfies Record<string, (options: never) => Optimizer>

function optimizerOf({ optimizer, options, rate }: OracleCase): Optimizer {
  const schedule = rate && warmUpRate({ steps: rate.warmUp, rate: cosineRate(rate) })
  return optimizers[optimizer]({ learningRate: schedule, ...options } as never)
}

type Floating = 'float32' | 'float64'

function tensor(type: Floating, dims: readonly number[], values: readonly number[]): Tensor {
  return type === 'float32'
    ? { type, dims, data: Float32Array.from(values) }
    : { type, dims, data: Float64Array.from(values) }
}

const name = (entry: OracleCase) => `${entry.optimizer} ${JSON.stringify(entry.options)}`

/** Largest difference, as a share of the largest expected value. */
function relativeError(actual: ArrayLike<number | bigint> | undefined, expected: number[]): number {
  const differences = expected.map((value, index) => Math.abs(Number(actual?.[index]) - value))
  return Math.max(...differences) / Math.max(...expected.map(Math.abs))
}

describe('optimizers', () => {
  let engine: Engine
  beforeAll(() => {
    engine = createEngine({ threads: 1 })
  })
  afterAll(() => engine.close())

  async function run(entry: OracleCase, type: Floating) {
    const rates: number[] = []
    const result = await fit({
      engine,
      parameters: {
        weight: tensor(type, [3, 2], oracle.parameters.weight),
        bias: tensor(type, [2], oracle.parameters.bias),
      },
      batches: oracle.batches.map(({ x, y }) => ({
        x: tensor(type, [4, 3], x),
        y: tensor(type, [4, 2], y),
      })),
      loss: ({ parameters: { weight, bias }, batch: { x, y } }) => {
        const error = sub(add(matMul(x, weight), bias), y)
        return reduceMean(mul(error, error))
      },
      optimizer: optimizerOf(entry),
      onStep: ({ learningRate }) => {
        rates.push(learningRate)
      },
    })
    return { ...result, rates }
  }

  for (const [type, tolerance] of [
    ['float64', 1e-10],
    ['float32', 2e-6],
  ] as const) {
    it.each(oracle.cases.map((entry) => [name(entry), entry] as const))(
      `follows PyTorch in ${type}: %s`,
      async (_, entry) => {
        const { losses, parameters, rates } = await run(entry, type)
        const expected = entry[type]
        expect(losses).toHaveLength(expected.losses.length)
        expect(relativeError(rates, expected.rates)).toBeLessThan(1e-12)
        expect(relativeError(losses, expected.losses)).toBeLessThan(tolerance)
        expect(relativeError(parameters.weight.data, expected.weight)).toBeLessThan(tolerance)
        expect(relativeError(parameters.bias.data, expected.bias)).toBeLessThan(tolerance)
      },
    )
  }

  it('refuses settings that cannot be meant', () => {
    const refused = expect.objectContaining({ code: 'INVALID_ARGUMENT' })
    const learningRate = 0.1
    expect(() => sgd({ learningRate, momentum: 1 })).toThrowError(refused)
    expect(() => sgd({ learningRate, nesterov: true })).toThrowError(refused)
    expect(() => sgd({ learningRate, weightDecay: -1 })).toThrowError(refused)
    expect(() => adam({ learningRate, betas: [0.9, 1] })).toThrowError(refused)
    expect(() => adam({ learningRate, betas: [-0.1, 0.9] })).toThrowError(refused)
    expect(() => adam({ learningRate, epsilon: 0 })).toThrowError(refused)
    expect(() => adam({ learningRate, weightDecay: Number.NaN })).toThrowError(refused)
    expect(() => adamW({ learningRate, weightDecay: Number.POSITIVE_INFINITY })).toThrowError(
      refused,
    )
  })
})

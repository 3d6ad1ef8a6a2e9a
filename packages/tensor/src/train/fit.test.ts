import { createRandom, type Engine, type EngineSession, type Tensor } from '@assay/core'
import { cholesky, solveCholesky } from '@assay/core/linear-algebra'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../engine/create-engine.js'
import { add, div, mul, sqrt, sub } from '../graph/operations/arithmetic.js'
import { log } from '../graph/operations/exponential.js'
import { matMul } from '../graph/operations/products.js'
import { reduceMean, reduceSum } from '../graph/operations/reductions.js'
import type { Batch } from './batch.js'
import { fit } from './fit.js'
import type { StepReport } from './fit-options.js'
import { adam } from './optimizers/adam.js'
import { sgd } from './optimizers/sgd.js'
import { shuffledBatches } from './shuffled-batches.js'
import type { LossContext } from './training-graph.js'

const float64 = (dims: readonly number[], values: Iterable<number>): Tensor => ({
  type: 'float64',
  dims,
  data: Float64Array.from(values),
})
const float32 = (dims: readonly number[], values: Iterable<number>): Tensor => ({
  type: 'float32',
  dims,
  data: Float32Array.from(values),
})
const code = (name: string) => expect.objectContaining({ code: name })

/** An engine that counts its sessions and tells of its runs. */
class CountingEngine implements Engine {
  readonly specificationVersion = 1
  readonly id: string
  readonly device: Engine['device']
  readonly #engine: Engine
  opened = 0
  closed = 0
  /** Called once a run is under way. */
  onRun = () => {}

  constructor(engine: Engine) {
    this.id = engine.id
    this.device = engine.device
    this.#engine = engine
  }

  async open(...call: Parameters<Engine['open']>): Promise<EngineSession> {
    const session = await this.#engine.open(...call)
    this.opened += 1
    return {
      ...{ inputs: session.inputs, outputs: session.outputs, concurrency: session.concurrency },
      run: (feeds, options) => {
        const outputs = session.run(feeds, options)
        this.onRun()
        return outputs
      },
      close: () => {
        this.closed += 1
        return session.close()
      },
    }
  }

  close = () => this.#engine.close()
}

/** A regression of two outputs on three inputs; the rows are disturbed, so that no line meets them all. */
function regression(seed: number, rows = 20) {
  const random = createRandom(seed)
  const normals = (count: number) => Array.from({ length: count }, () => random.normal())
  return { x: float64([rows, 3], normals(rows * 3)), y: float64([rows, 2], normals(rows * 2)) }
}

type LineContext = LossContext<'weight', 'x' | 'y'>
const squaredError = ({ parameters: { weight }, batch: { x, y } }: LineContext) => {
  const error = sub(matMul(x, weight), y)
  return reduceMean(mul(error, error))
}
const atZero = { weight: float64([3, 2], new Float64Array(6)) }

/** `(X'X)⁻¹ X'Y`. */
function leastSquares({ x, y }: ReturnType<typeof regression>): Float64Array {
  const rows = x.dims[0] as number
  const product = (b: Tensor, columns: number) => {
    const sums = new Float64Array(3 * columns)
    for (let row = 0; row < rows; row++) {
      for (let at = 0; at < sums.length; at++) {
        const [i, j] = [Math.floor(at / columns), at % columns]
        sums[at]! += Number(x.data[row * 3 + i]) * Number(b.data[row * columns + j])
      }
    }
    return sums
  }
  return solveCholesky(cholesky({ data: product(x, 3), size: 3 }), product(y, 2))
}

function* repeat(batch: Batch<'x' | 'y'>, times: number) {
  for (let time = 0; time < times; time++) yield batch
}

describe('fit', () => {
  let engine: CountingEngine
  beforeAll(() => {
    engine = new CountingEngine(createEngine({ threads: 2 }))
  })
  afterEach(() => {
    expect(engine.closed).toBe(engine.opened)
  })
  afterAll(() => engine.close())

  const optimizer = sgd({ learningRate: 0.1 })
  const line = { parameters: atZero, loss: squaredError, optimizer } as const

  it('reaches the solution of least squares', async () => {
    const property = fc.asyncProperty(fc.integer(), async (seed) => {
      const problem = regression(seed)
      const { parameters, losses } = await fit({
        ...line,
        engine,
        batches: repeat(problem, 400),
        optimizer: sgd({ learningRate: 0.2, momentum: 0.8 }),
      })
      const expected = leastSquares(problem)
      parameters.weight.data.forEach((value, index) => {
        expect(Number(value)).toBeCloseTo(expected[index] as number, 8)
      })
      expect(losses).toHaveLength(400)
      expect(losses.at(-1)).toBeLessThan(losses[0] as number)
    })
    await fc.assert(property, { seed: 5, numRuns: 10 })
  })

  it('gives the same parameters bit for bit for the same seed, and others for another', async () => {
    const rows = regression(7, 50)
    const run = (seed: number) =>
      fit({
        ...line,
        engine,
        seed,
        batches: (seed) => shuffledBatches({ rows, batchSize: 8, epochs: 2, seed }),
        optimizer: adam({ learningRate: 0.01 }),
      })
    const [one, same, other] = [await run(1), await run(1), await run(2)]
    expect(one).toEqual(same)
    expect(one.losses).toHaveLength(14)
    expect(one.parameters).not.toEqual(other.parameters)
  })

  it('leaves what it was given as it was, unless the batches are given up', async () => {
    const parameters = { weight: float64([3, 2], [1, 2, 3, 4, 5, 6]) }
    const before = structuredClone(parameters)
    const batch = regression(1)
    await fit({ ...line, engine, parameters, batches: [batch, batch] })
    expect(parameters).toEqual(before)
    expect(batch).toEqual(regression(1))
    await fit({ ...line, engine, parameters, batches: [batch], transferBatches: true })
    expect(parameters).toEqual(before)
    expect(batch.x.data).toHaveLength(0)
  })

  it('takes batches that come later, and of any number of rows', async () => {
    async function* batches() {
      for (const rows of [5, 1, 9]) yield regression(rows, rows)
    }
    const { losses } = await fit({ ...line, engine, batches: batches() })
    expect(losses).toHaveLength(3)
  })

  it('takes tensors of several row counts where their shapes are told', async () => {
    const shape = { type: 'float64', shape: ['few', 3] } as const
    const batches = [1, 2].map((rows) => ({
      few: float64([rows, 3], new Float64Array(rows * 3).fill(1)),
      many: float64([4, 3], new Float64Array(12).fill(2)),
    }))
    const options = {
      engine,
      optimizer,
      batches,
      parameters: { weight: float64([3], [1, 1, 1]) },
      loss: ({ parameters: { weight }, batch: { few, many } }) =>
        add(reduceMean(mul(few, weight)), reduceMean(mul(many, weight))),
    } satisfies Omit<Parameters<typeof fit<'weight', 'few' | 'many'>>[0], 'batchShapes'>
    const batchShapes = { few: shape, many: { type: 'float64', shape: ['many', 3] } } as const
    expect((await fit({ ...options, batchShapes })).losses[0]).toBeCloseTo(3, 12)
    await expect(fit(options)).rejects.toThrowError(code('SHAPE_MISMATCH'))
  })

  it('tells of every step, waits for the answer, and stops when told to', async () => {
    const seen: string[] = []
    const reports: StepReport[] = []
    const { parameters, losses, stopped } = await fit({
      ...line,
      engine,
      batches: repeat(regression(1), 10),
      loss: (context) => {
        context.report('largest', reduceSum(context.parameters.weight))
        return squaredError(context)
      },
      optimizer: sgd({ learningRate: (step) => 0.1 / step }),
      onStep: async (report) => {
        seen.push(`begin ${report.step}`)
        await new Promise((resolve) => setTimeout(resolve, 1))
        seen.push(`end ${report.step}`)
        reports.push({ ...report })
        if (report.step === 2)
          expect(() => reports[0]?.copyParameters()).toThrow(/step 2 has begun/)
        if (report.step === 3) report.stop()
      },
    })
    expect(stopped).toBe(true)
    expect(seen).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3'])
    expect(reports.map((report) => report.loss)).toEqual(losses)
    expect(reports.map((report) => report.learningRate)).toEqual([0.1, 0.05, 0.1 / 3])
    expect(reports[0]?.reported).toEqual({ largest: 0 })
    expect(reports[2]?.copyParameters()).toEqual(parameters)
  })

  it('names the step whose loss is not finite', async () => {
    const good = regression(1)
    const bad = { ...good, x: float64([20, 3], new Float64Array(60).fill(Number.NaN)) }
    const failing = fit({ ...line, engine, batches: [good, bad, good] })
    await expect(failing).rejects.toThrowError(code('NOT_FINITE'))
    await expect(failing).rejects.toThrow(/step 2 is NaN/)
    const infinite = fit({
      ...line,
      engine,
      batches: [good],
      loss: ({ parameters: { weight } }) => reduceSum(div(1, weight)),
    })
    await expect(infinite).rejects.toThrow(/step 1 is Infinity/)
  })

  it('names the parameter that the last step left not finite', async () => {
    // The loss is 0, and its gradient 0/0.
    const failing = fit({
      ...line,
      engine,
      batches: [regression(1)],
      loss: ({ parameters: { weight } }) => reduceSum(sqrt(mul(weight, weight))),
    })
    await expect(failing).rejects.toThrowError(code('NOT_FINITE'))
    await expect(failing).rejects.toThrow(/'weight'/)
  })

  it('refuses batches that are none, empty, or unlike the first', async () => {
    const good = regression(1)
    const cases: [string, readonly Batch[]][] = [
      ['EMPTY_INPUT', []],
      ['EMPTY_INPUT', [{ x: float64([0, 3], []), y: float64([0, 2], []) }]],
      ['SHAPE_MISMATCH', [{ ...good, y: float64([4, 2], new Float64Array(8)) }]],
      ['SHAPE_MISMATCH', [good, { ...good, x: float64([20, 2], new Float64Array(40)) }]],
      ['SHAPE_MISMATCH', [good, { ...good, x: float64([20], new Float64Array(20)) }]],
      ['SHAPE_MISMATCH', [good, { ...good, x: float64([20, 3], new Float64Array(59)) }]],
      ['SHAPE_MISMATCH', [good, { ...good, x: float32([20, 3], new Float64Array(60)) }]],
      ['MISSING_INPUT', [good, { x: good.x }]],
      ['INVALID_ARGUMENT', [good, { ...good, z: good.x }]],
    ]
    for (const [expected, batches] of cases) {
      const failing = fit({ ...line, engine, batches: batches as Batch<'x' | 'y'>[] })
      await expect(failing).rejects.toThrowError(code(expected))
    }
  })

  it('refuses parameters, losses, names and learning rates that cannot be meant', async () => {
    const batches = [regression(1)]
    const fits = (options: object) => fit({ ...line, engine, batches, ...options })
    const whole = { weight: { type: 'int32', dims: [1], data: Int32Array.of(1) } }
    const ragged = { weight: { ...float64([3, 2], [1]) } }
    const refused = async (expected: string, options: object) =>
      expect(fits(options)).rejects.toThrowError(code(expected))
    await refused('EMPTY_INPUT', { parameters: {}, loss: () => log })
    await refused('INVALID_ARGUMENT', { parameters: whole })
    await refused('SHAPE_MISMATCH', { parameters: ragged })
    await refused('SHAPE_MISMATCH', { loss: ({ batch: { x } }: LineContext) => x })
    await refused('INVALID_ARGUMENT', { parameters: { weight: atZero.weight, x: atZero.weight } })
    await refused('INVALID_ARGUMENT', { optimizer: sgd({ learningRate: Number.NaN }) })
  })

  it('aborts between steps, amid a wait for a batch, and before it begins', async () => {
    const betweenSteps = new AbortController()
    const aborted = fit({
      ...line,
      engine,
      batches: repeat(regression(1), 1000),
      signal: betweenSteps.signal,
      onStep: ({ step }) => {
        if (step === 3) betweenSteps.abort()
      },
    })
    await expect(aborted).rejects.toThrowError(code('ABORTED'))

    const amidWait = new AbortController()
    async function* stuck() {
      yield regression(1)
      setTimeout(() => amidWait.abort(), 1)
      await new Promise(() => {})
    }
    const waiting = fit({ ...line, engine, batches: stuck(), signal: amidWait.signal })
    await expect(waiting).rejects.toThrowError(code('ABORTED'))

    const late = fit({ ...line, engine, batches: [regression(1)], signal: AbortSignal.abort() })
    await expect(late).rejects.toThrowError(code('ABORTED'))
  })

  it('aborts amid a step', async () => {
    const size = 700
    const controller = new AbortController()
    const data = new Float32Array(size ** 2)
    const square = { type: 'float32', dims: [size, size], data } as const
    let ended = false
    engine.onRun = () => setTimeout(() => controller.abort(), 1)
    const aborted = fit({
      engine,
      optimizer,
      parameters: { weight: square },
      batches: [{ x: square }],
      signal: controller.signal,
      loss: ({ parameters: { weight }, batch: { x } }) =>
        reduceMean(matMul(matMul(matMul(x, weight), weight), weight)),
      onStep: () => {
        ended = true
      },
    })
    await expect(aborted).rejects.toThrowError(code('ABORTED'))
    expect(ended).toBe(false)
    engine.onRun = () => {}
  })

  it('passes on what the caller throws', async () => {
    const batches = [regression(1)]
    const thrown = () => {
      throw new RangeError('of the caller')
    }
    await expect(fit({ ...line, engine, batches, onStep: thrown })).rejects.toThrow(RangeError)
    await expect(fit({ ...line, engine, batches, loss: thrown })).rejects.toThrow(RangeError)
    await expect(fit({ ...line, engine, batches: thrown })).rejects.toThrow(RangeError)
  })
})

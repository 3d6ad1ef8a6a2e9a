import { AssayError, type DenoisingHook, type DenoisingStep, type Tensor } from '@assay/core'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { gaussianDenoiser } from './__fixtures__/gaussian-denoiser.js'
import type { Denoiser, DenoiserCall } from './denoiser.js'
import type { NoiseLevel } from './noise-level.js'
import { float32 } from './precision.js'
import { readScheduler } from './read-scheduler.js'
import { sample } from './sample.js'
import type { SampleOptions } from './sample-options.js'
import { seededNoise } from './seeded-noise.js'
import noiseOracle from './seeded-noise.oracle.json' with { type: 'json' }

const stable = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear' }
const scheduleOf = (config: object) => readScheduler(config).schedule({ steps: 6, eta: 0.5 })
const ddim = scheduleOf({ _class_name: 'DDIMScheduler', clip_sample: false })
const clippingDdim = scheduleOf({ _class_name: 'DDIMScheduler', clip_sample: true, ...stable })
const euler = scheduleOf({ _class_name: 'EulerDiscreteScheduler', ...stable })
const heun = scheduleOf({ _class_name: 'HeunDiscreteScheduler' })
const solver = scheduleOf({ _class_name: 'DPMSolverMultistepScheduler', ...stable })
const flow = scheduleOf({ _class_name: 'FlowMatchEulerDiscreteScheduler', shift: 3 })
const ddpm = scheduleOf({ _class_name: 'DDPMScheduler', thresholding: true })
const plms = scheduleOf({ _class_name: 'PNDMScheduler', skip_prk_steps: true, ...stable })
const ancestral = scheduleOf({ _class_name: 'EulerAncestralDiscreteScheduler', ...stable })
const schedules = [ddim, clippingDdim, ddpm, euler, ancestral, heun, solver, plms, flow]
const anySchedule = fc.constantFrom(...schedules)

const denoiser = gaussianDenoiser(float32, { mean: [0.5, -0.25, 0], variance: [0.5, 0.1, 1] })
const anySeeds = fc.array(fc.integer(), { minLength: 1, maxLength: 5 })
const bits = (values: Float32Array) => [...new Uint32Array(values.slice().buffer)]
const options = (changed: Partial<SampleOptions>): SampleOptions => ({
  denoiser,
  schedule: euler,
  seeds: [1, 2],
  ...changed,
})
const levelOf = (call: NoiseLevel | undefined) =>
  call === undefined
    ? null
    : {
        timestep: call.timestep,
        signalCoefficient: call.signalCoefficient,
        noiseCoefficient: call.noiseCoefficient,
      }
const floats = (tensor: Tensor): Float32Array => {
  if (tensor.type !== 'float32') throw new TypeError(tensor.type)
  return tensor.data
}

/** The AssayError that a run ends with. */
async function refusal(run: Promise<unknown>): Promise<AssayError> {
  const error: unknown = await run.catch((thrown: unknown) => thrown)
  if (!AssayError.isInstance(error)) throw new TypeError(`not refused: ${String(error)}`)
  return error
}

describe('noise', () => {
  it('depends on the seed alone: a picture is the same to the bit in every batch', async () => {
    await fc.assert(
      fc.asyncProperty(anySchedule, anySeeds, async (schedule, seeds) => {
        const together = await sample({ denoiser, schedule, seeds })
        for (const [row, seed] of seeds.entries()) {
          const alone = await sample({ denoiser, schedule, seeds: [seed] })
          expect(bits(together.state.slice(row * 3, row * 3 + 3))).toEqual(bits(alone.state))
        }
      }),
      { seed: 2, numRuns: 60 },
    )
  })

  it('differs between seeds and between draws, and is standard normal', () => {
    const drawn = [seededNoise(1, 0, 20_000), seededNoise(1, 1, 20_000), seededNoise(2, 0, 20_000)]
    for (const [at, values] of drawn.entries()) {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      const square = values.reduce((sum, value) => sum + value ** 2, 0) / values.length
      // Five standard errors.
      expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(20_000))
      expect(Math.abs(square - 1)).toBeLessThan(5 * Math.sqrt(2 / 20_000))
      const other = drawn[(at + 1) % 3]!
      const product = values.reduce((sum, value, index) => sum + value * other[index]!, 0) / 20_000
      expect(Math.abs(product)).toBeLessThan(5 / Math.sqrt(20_000))
    }
  })

  it('is the stream of the oracle, however many numbers are wanted', () => {
    for (const { seed, draw, noise } of noiseOracle) {
      const drawn = seededNoise(seed, draw, noise.length)
      // Logarithm and cosine may differ by a unit in the last place between libraries.
      noise.forEach((value, at) => {
        expect(drawn[at]).toBeCloseTo(value, 6)
      })
      expect(seededNoise(seed, draw, 2)).toEqual(drawn.slice(0, 2))
    }
  })

  it('is drawn only where a sampler needs it', async () => {
    const noise = vi.fn(seededNoise)
    await sample(options({ noise, seeds: [4] }))
    expect(noise.mock.calls).toEqual([[4, 0, 3]])
    noise.mockClear()
    await sample(options({ noise, seeds: [4], schedule: ddim }))
    expect(noise.mock.calls.map(([, draw]) => draw)).toEqual([0, 1, 2, 3, 4, 5])
  })
})

describe('a hook', () => {
  it('that does nothing changes no bit', async () => {
    const idle: DenoisingHook[] = [
      () => undefined,
      async () => undefined,
      () => ({}),
      (step) => ({ prediction: step.prediction }),
      (step) => ({
        prediction: { ...step.prediction, data: floats(step.prediction).slice() } as Tensor,
      }),
    ]
    await fc.assert(
      fc.asyncProperty(
        anySchedule,
        anySeeds,
        fc.constantFrom(...idle),
        async (schedule, seeds, hook) => {
          const plain = await sample({ denoiser, schedule, seeds })
          const hooked = await sample({ denoiser, schedule, seeds, hook })
          expect(bits(hooked.state)).toEqual(bits(plain.state))
          expect(bits(hooked.clean)).toEqual(bits(plain.clean))
        },
      ),
      { seed: 3, numRuns: 100 },
    )
  })

  it('that changes some rows leaves the others alone to the bit', async () => {
    await fc.assert(
      fc.asyncProperty(anySchedule, fc.integer({ min: 0, max: 3 }), async (schedule, changed) => {
        const seeds = [5, 6, 7, 8]
        const plain = await sample({ denoiser, schedule, seeds })
        const hooked = await sample({
          denoiser,
          schedule,
          seeds,
          hook: ({ prediction }) => {
            const data = floats(prediction).slice()
            for (let at = changed * 3; at < changed * 3 + 3; at++) data[at]! += 0.125
            return { prediction: { type: 'float32', dims: prediction.dims, data } }
          },
        })
        const rowBits = (values: Float32Array, row: number) =>
          bits(values.slice(row * 3, row * 3 + 3))
        for (const row of seeds.keys()) {
          const same = expect(rowBits(hooked.state, row))
          if (row === changed) same.not.toEqual(rowBits(plain.state, row))
          else same.toEqual(rowBits(plain.state, row))
        }
      }),
      { seed: 4, numRuns: 60 },
    )
  })

  it("is called at every model call, the corrector's included, and sees what the model saw", async () => {
    const asked: DenoiserCall[] = []
    const steps: DenoisingStep[] = []
    const watched: Denoiser = {
      ...denoiser,
      predict: (call) => {
        asked.push(call)
        return denoiser.predict(call)
      },
    }
    await sample(
      options({
        denoiser: watched,
        schedule: heun,
        hook: (step) => {
          steps.push(step)
          return undefined
        },
      }),
    )
    expect(steps).toHaveLength(11)
    steps.forEach((step, index) => {
      const level = levelOf(heun.calls[index])
      expect(step).toMatchObject({ index, count: 11, seeds: [1, 2], condition: null, ...level })
      expect(step.next).toEqual(levelOf(heun.calls[index + 1]))
      expect(step.guidanceScale).toBe(1)
      expect(step.state.dims).toEqual([2, 3])
      expect(step.state.data).toBe(asked[index]?.state)
      expect(asked[index]).toMatchObject({ rows: 2, seeds: [1, 2], ...level })
    })
  })

  it('decides what is drawn where the sampler ends at the prediction', async () => {
    const wanted = Float32Array.of(4, -5, 6)
    // PLMS ends along the noise of the last four calls.
    for (const schedule of schedules.filter((one) => one !== plms)) {
      const { state, clean } = await sample({
        denoiser,
        schedule,
        seeds: [1],
        hook: ({ prediction }) => ({
          prediction: { type: 'float32', dims: prediction.dims, data: wanted },
        }),
      })
      // Values beyond the range of clipping stay: nothing is clipped after the hook.
      expect(clean).toBe(wanted)
      expect([...state]).toEqual([...wanted])
    }
  })

  it.each([
    ['DPM++ 2M', solver],
    ['PLMS', plms],
  ])('leaves its predictions in the history of a multistep sampler: %s', async (_, schedule) => {
    const replaced = (index: number) => Float32Array.of(index, -index, 0.5)
    const states: Float32Array[] = []
    await sample({
      ...{ denoiser, schedule, seeds: [1] },
      hook: ({ index, state, prediction }) => {
        states.push(floats(state))
        return {
          prediction: { type: 'float32', dims: prediction.dims, data: replaced(index) },
        }
      },
    })
    for (const index of [1, 2, 3, 4]) {
      const { update } = schedule.calls[index]!
      expect(update.earlier.some(({ clean }) => clean !== 0)).toBe(true)
      states[index + 1]!.forEach((value, at) => {
        const wanted = [update, ...update.earlier].reduce((sum, factors, back) => {
          const state = sum + factors.state * states[index - back]![at]!
          return state + factors.clean * replaced(index - back)[at]!
        }, 0)
        expect(value).toBe(Math.fround(wanted))
      })
    }
  })

  it('makes DDIM recompute the noise from what it left', async () => {
    const states: Float32Array[] = []
    const wanted = Float32Array.of(0.5, 0.25, -2)
    const schedule = readScheduler({ _class_name: 'DDIMScheduler' }).schedule({ steps: 4 })
    await sample({
      denoiser,
      schedule,
      seeds: [3],
      hook: ({ state, prediction }) => {
        states.push(floats(state))
        return { prediction: { type: 'float32', dims: prediction.dims, data: wanted } }
      },
    })
    const [from, to] = [schedule.calls[0]!, schedule.calls[1]!]
    states[1]!.forEach((value, at) => {
      const noise = (states[0]![at]! - from.signalCoefficient * wanted[at]!) / from.noiseCoefficient
      expect(value).toBeCloseTo(to.signalCoefficient * wanted[at]! + to.noiseCoefficient * noise, 6)
    })
  })

  it('sees predictions after clipping', async () => {
    const wide = gaussianDenoiser(float32, { mean: [9, -9, 0], variance: [1, 1, 1] })
    const seen: number[][] = []
    await sample({
      denoiser: wide,
      schedule: clippingDdim,
      seeds: [1],
      hook: ({ prediction }) => {
        seen.push([...floats(prediction)])
        return undefined
      },
    })
    for (const [first, second] of seen) expect([first, second]).toEqual([1, -1])
  })

  it('changes condition and guidance from the next call on', async () => {
    const asked: DenoiserCall[] = []
    const condition = (value: number): Tensor => ({
      type: 'float32',
      dims: [1],
      data: Float32Array.of(value),
    })
    const [first, second] = [condition(1), condition(2)]
    const seen: (Tensor | null)[] = []
    await sample(
      options({
        denoiser: {
          ...denoiser,
          predict: (call) => {
            asked.push(call)
            return denoiser.predict(call)
          },
        },
        condition: first,
        guidanceScale: 7,
        hook: (step) => {
          seen.push(step.condition)
          return step.index === 1 ? { condition: second, guidanceScale: 2 } : undefined
        },
      }),
    )
    expect(asked.map((call) => call.guidanceScale)).toEqual([7, 7, 2, 2, 2, 2])
    expect(asked.map((call) => call.condition)).toEqual([first, first, ...Array(4).fill(second)])
    expect(seen).toEqual(asked.map((call) => call.condition))
  })

  const wrong: [string, Tensor][] = [
    ['shape', { type: 'float32', dims: [3, 2], data: new Float32Array(6) }],
    ['length', { type: 'float32', dims: [2, 3], data: new Float32Array(5) }],
    ['element type', { type: 'float64', dims: [2, 3], data: new Float64Array(6) }],
  ]
  it.each(wrong)('is refused a prediction of another %s', async (_name, prediction) => {
    const error = await refusal(sample(options({ hook: () => ({ prediction }) })))
    expect(error).toMatchObject({ code: 'SHAPE_MISMATCH' })
    expect(error.message).toContain("The hook's prediction")
  })

  it('is refused what is no number, with step and sample', async () => {
    const data = Float32Array.of(0, 0, 0, 0, Number.POSITIVE_INFINITY, 0)
    const error = await refusal(
      sample(
        options({
          hook: ({ index, prediction }) =>
            index === 2
              ? { prediction: { type: 'float32', dims: prediction.dims, data } }
              : undefined,
        }),
      ),
    )
    expect(error).toMatchObject({ code: 'NOT_FINITE', location: { row: 1, id: '2' } })
    expect(error.message).toMatch(/The hook gave Infinity at model call 2 .* sample 1 \(seed 2\)/)
    const scale = refusal(sample(options({ hook: () => ({ guidanceScale: Number.NaN }) })))
    expect(await scale).toMatchObject({ code: 'NOT_FINITE' })
  })
})

describe('sample', () => {
  it('gives what the denoiser told at the last call', async () => {
    let calls = 0
    const telling: Denoiser = {
      ...denoiser,
      predict: async (call) => ({
        ...(await denoiser.predict(call)),
        attachments: call.seeds.map((seed) => ({ seed, call: calls++ })),
      }),
    }
    expect((await sample(options({ denoiser: telling }))).attachments).toEqual([
      { seed: 1, call: 10 },
      { seed: 2, call: 11 },
    ])
    expect((await sample(options({}))).attachments).toBeNull()
  })

  it('tells of every model call', async () => {
    const progress = vi.fn()
    await sample(options({ schedule: flow, progress }))
    expect(progress.mock.calls.map(([event]) => event)).toEqual(
      [1, 2, 3, 4, 5, 6].map((done) => ({ task: 'sample', done, total: 6 })),
    )
  })

  it('names step and sample where the model gives NaN', async () => {
    let call = 0
    const broken: Denoiser = {
      shape: [2, 2],
      predict: async ({ state }) => {
        const clean = new Float32Array(state.length)
        if (call++ === 3) clean[9] = Number.NaN
        return { clean }
      },
    }
    const error = await refusal(sample(options({ denoiser: broken, seeds: [11, 12, 13] })))
    expect(error).toMatchObject({ code: 'NOT_FINITE', location: { row: 2, id: '13' } })
    expect(error.message).toMatch(
      /The denoiser gave NaN at model call 3 \(timestep 399\.6\) for sample 2 \(seed 13\)/,
    )
  })

  it.each([new Float32Array(5), new Float64Array(6) as unknown as Float32Array])(
    'refuses a prediction of another form',
    async (clean) => {
      const error = refusal(
        sample(options({ denoiser: { shape: [3], predict: async () => ({ clean }) } })),
      )
      expect(await error).toMatchObject({ code: 'SHAPE_MISMATCH' })
    },
  )

  it('refuses noise of another length, no seeds, and a guidance scale that is no number', async () => {
    const noise = () => new Float32Array(2)
    expect(await refusal(sample(options({ noise })))).toMatchObject({ code: 'SHAPE_MISMATCH' })
    expect(await refusal(sample(options({ seeds: [] })))).toMatchObject({ code: 'EMPTY_INPUT' })
    expect(await refusal(sample(options({ seeds: [0.5] })))).toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
    expect(await refusal(sample(options({ guidanceScale: Number.NaN })))).toMatchObject({
      code: 'NOT_FINITE',
    })
  })

  it('refuses a schedule that looks back before its first call', async () => {
    const schedule = { ...solver, calls: solver.calls.slice(1) }
    expect(await refusal(sample(options({ schedule })))).toMatchObject({
      ...{ code: 'INVALID_ARGUMENT', value: 1, message: expect.stringContaining('model call 0') },
    })
  })

  it('stops when it is told to: before the first call, in a call, and after the last', async () => {
    const reason = 'enough'
    const early = options({ signal: AbortSignal.abort(reason) })
    expect(await refusal(sample(early))).toMatchObject({ code: 'ABORTED', cause: reason })
    for (const last of [0, 2, 5]) {
      const controller = new AbortController()
      const calls: DenoiserCall[] = []
      const stopping: Denoiser = {
        ...denoiser,
        predict: (call) => {
          if (calls.push(call) === last + 1) controller.abort(reason)
          return denoiser.predict(call)
        },
      }
      const run = sample(options({ denoiser: stopping, signal: controller.signal }))
      expect(await refusal(run)).toMatchObject({ code: 'ABORTED' })
      expect(calls).toHaveLength(last + 1)
      expect(calls[0]?.signal).toBe(controller.signal)
    }
  })

  it('passes on what a hook or a denoiser throws', async () => {
    const fault = new TypeError('theirs')
    const throwing = options({
      hook: () => {
        throw fault
      },
    })
    await expect(sample(throwing)).rejects.toBe(fault)
  })
})

import { AssayError } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { sample } from '../sampling/sample.js'
import { analyticSchedule } from './analytic-schedule.js'
import type { Attribution } from './attribution.js'
import { createPictureBank } from './create-picture-bank.js'
import oracle from './denoisers.oracle.json' with { type: 'json' }
import { idealDenoiser } from './ideal-denoiser.js'
import { localDenoiser } from './local-denoiser.js'

const { width, height } = oracle
const bank = await createPictureBank({
  pictures: oracle.pictures.map((levels, at) => ({
    id: String(at),
    caption: `picture ${at}`,
    image: { width, height, data: Uint8Array.from(levels) },
  })),
})
const condition = {
  type: 'float64',
  dims: [1, oracle.logPrior.length],
  data: Float64Array.from(oracle.logPrior, (value) => value ?? -Infinity),
} as const

interface OracleCase {
  readonly signal: number
  readonly noise: number
  readonly state: readonly number[]
}

const callOf = ({ signal, noise, state }: OracleCase) => ({
  timestep: 1000 * noise,
  signalCoefficient: signal,
  noiseCoefficient: noise,
  state: Float32Array.from(state),
  rows: 1,
  condition,
  guidanceScale: 1,
  seeds: [0],
  signal: undefined,
})

const localOf = ({ side, shift }: { side: number; shift: number }) =>
  localDenoiser({ bank, patches: [{ above: 0, side }], shift })

/** The shares that were told of the only row, largest first. */
const sharesOf = ({ attachments }: { attachments?: readonly unknown[] | null }) => {
  const [attribution] = (attachments ?? []) as readonly Attribution[]
  return attribution?.shares ?? []
}

/** The shares of all pictures, in order. */
const allShares = (answer: Parameters<typeof sharesOf>[0]): number[] => {
  const shares = sharesOf(answer)
  return bank.captions.map(({ id }) => shares.find((share) => share.id === id)?.share ?? 0)
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, bound = 1e-6): void {
  expect(actual.length).toBe(expected.length)
  const distances = Array.from(actual, (value, at) => Math.abs(value - expected[at]!))
  expect(Math.max(...distances)).toBeLessThan(bound)
}

describe('idealDenoiser', () => {
  it.each(oracle.ideal)(
    'equals the posterior mean of numpy at ($signal, $noise)',
    async (given) => {
      const answer = await idealDenoiser({ bank, priorMass: 1 }).predict(callOf(given))
      expectClose(answer.clean, given.clean)
      expectClose(allShares(answer), given.shares)
    },
  )

  it('samples as numpy does', async () => {
    const { steps, noise, state, shares } = oracle.idealTrajectory
    const result = await sample({
      ...{ denoiser: idealDenoiser({ bank }), schedule: analyticSchedule(steps), condition },
      ...{ seeds: [0], noise: () => Float32Array.from(noise) },
    })
    expectClose(result.state, state)
    expectClose(allShares(result), shares)
  })

  it('keeps the fewest pictures that hold the prior mass', async () => {
    // Shares of the prior: .480, .216, .160, .131, .013.
    const call = callOf(oracle.ideal[0]!)
    const kept = async (priorMass: number) => {
      const answer = await idealDenoiser({ bank, priorMass }).predict(call)
      return sharesOf(answer).map(({ id }) => id)
    }
    expect(await kept(0.4)).toEqual(['2'])
    expect(await kept(0.6)).toEqual(['2', '0'])
    expect(await kept(0.98)).toEqual(['2', '0', '3', '1'])
    expect(await kept(1)).toEqual(['2', '0', '3', '1', '5'])
  })

  it('takes the guidance scale as a power of the prior', async () => {
    const call = callOf(oracle.ideal[0]!)
    const powered = { ...condition, data: condition.data.map((value) => 2.5 * value) }
    const denoiser = idealDenoiser({ bank })
    const sharpened = await denoiser.predict({ ...call, guidanceScale: 2.5 })
    const expected = await denoiser.predict({ ...call, condition: powered })
    expect(sharpened.clean).toEqual(expected.clean)
    const flat = await denoiser.predict({ ...call, guidanceScale: 0 })
    // The picture that is left out stays out, all others are alike.
    expectClose(allShares(flat), [0.2, 0.2, 0.2, 0.2, 0, 0.2])
  })

  it.each([0, -0.1, 1.1, Number.NaN])('refuses the prior mass %d', (priorMass) => {
    expect(() => idealDenoiser({ bank, priorMass })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', value: priorMass }),
    )
  })
})

describe('localDenoiser', () => {
  it.each(oracle.local)(
    'equals numpy with side $side and shift $shift at ($signal, $noise)',
    async (given) => {
      const answer = await localOf(given).predict(callOf(given))
      expectClose(answer.clean, given.clean)
      expectClose(allShares(answer), given.shares)
    },
  )

  it('samples as numpy does', async () => {
    const { steps, noise, state, shares, ...patches } = oracle.localTrajectory
    const result = await sample({
      ...{ denoiser: localOf(patches), schedule: analyticSchedule(steps), condition },
      ...{ seeds: [0], noise: () => Float32Array.from(noise) },
    })
    expectClose(result.state, state)
    expectClose(allShares(result), shares)
  })

  it('is the ideal denoiser where a patch holds the whole picture and nothing moves', async () => {
    for (const given of oracle.ideal.slice(1)) {
      const whole = await localOf({ side: 15, shift: 0 }).predict(callOf(given))
      expectClose(whole.clean, given.clean)
    }
  })

  it('works with the best pictures only', async () => {
    const denoiser = localDenoiser({ bank, pictures: 2 })
    const answer = await denoiser.predict(callOf(oracle.ideal[1]!))
    expect(sharesOf(answer).map(({ id }) => id)).toEqual(['2', '0'])
  })

  it('keeps calls apart that run side by side', async () => {
    const denoiser = localOf({ side: 3, shift: 1 })
    const cases = oracle.local.filter(({ side, shift }) => side === 3 && shift === 1)
    const answers = await Promise.all(cases.map((given) => denoiser.predict(callOf(given))))
    for (const [at, { clean }] of answers.entries()) expectClose(clean, cases[at]!.clean)
  })

  it.each([
    { pictures: 0 },
    { pictures: 1.5 },
    { shift: -1 },
    { patches: [] },
    { patches: [{ above: 0, side: 4 }] },
    { patches: [{ above: 0.5, side: 3 }] },
    {
      patches: [
        { above: 0, side: 3 },
        { above: 0.5, side: 5 },
      ],
    },
  ])('refuses %j', (options) => {
    expect(() => localDenoiser({ bank, ...options })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })
})

describe.each([
  ['idealDenoiser', idealDenoiser({ bank })],
  ['localDenoiser', localDenoiser({ bank })],
])('%s', (_, denoiser) => {
  const call = callOf(oracle.ideal[2]!)
  const refusal = async (changed: Partial<typeof call> | { condition: unknown }) => {
    const given = { ...call, ...changed } as typeof call
    const error: unknown = await denoiser.predict(given).catch((thrown: unknown) => thrown)
    return AssayError.isInstance(error) ? error.code : error
  }
  const shaped = (data: Float64Array | Int32Array) => ({
    condition: {
      type: data instanceof Int32Array ? 'int32' : 'float64',
      dims: [data.length],
      data,
    },
  })

  it('takes no condition for a prior that is the same for all', async () => {
    const nothing = await denoiser.predict({ ...call, condition: null })
    const flat = { ...condition, data: new Float64Array(condition.data.length) }
    const alike = await denoiser.predict({ ...call, condition: flat })
    expect(nothing.clean).toEqual(alike.clean)
  })

  it('refuses conditions that are no prior over its bank', async () => {
    expect(await refusal(shaped(new Float64Array(5)))).toBe('SHAPE_MISMATCH')
    expect(await refusal(shaped(new Int32Array(6)))).toBe('SHAPE_MISMATCH')
    expect(await refusal(shaped(new Float64Array(6).fill(Number.NaN)))).toBe('NOT_FINITE')
    expect(await refusal(shaped(new Float64Array(6).fill(Infinity)))).toBe('NOT_FINITE')
    expect(await refusal(shaped(new Float64Array(6).fill(-Infinity)))).toBe('EMPTY_INPUT')
  })

  it('refuses a state without noise', async () => {
    expect(await refusal({ noiseCoefficient: 0 })).toBe('INVALID_ARGUMENT')
  })
})

import { describe, expect, it } from 'vitest'
import oracle from '../clipping-and-noise.oracle.json' with { type: 'json' }
import { sigmaAt, sigmaTable, timestepOf } from './sigma-table.js'
import { roundHalfToEven } from './timestep-spacing.js'
import { trainingNoiseSchema, trainingSignals } from './training-noise.js'

const signalsOf = (config: object) => trainingSignals(trainingNoiseSchema.parse(config))
const stable = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear' }

describe('trainingSignals', () => {
  it.each([
    ['linear', {}],
    ['scaled_linear', stable],
    ['squaredcos_cap_v2', { beta_schedule: 'squaredcos_cap_v2' }],
    ['rescaled', { ...stable, rescale_betas_zero_snr: true }],
  ] as const)('is that of torch: %s', (name, config) => {
    const signals = signalsOf(config)
    expect(signals).toHaveLength(1000)
    oracle.at.forEach((timestep, index) => {
      expect(signals[timestep]).toBeCloseTo(oracle.signals[name][index]!, 12)
    })
  })

  it('takes trained betas in place of a schedule, if there are as many', () => {
    const signals = signalsOf({ num_train_timesteps: 2, trained_betas: [0.19, 0.75] })
    expect(signals[0]).toBeCloseTo(0.9, 15)
    expect(signals[1]).toBeCloseTo(0.45, 15)
    expect(() => signalsOf({ num_train_timesteps: 3, trained_betas: [0.1, 0.2] })).toThrow(
      expect.objectContaining({ code: 'MODEL_INCOMPATIBLE', value: 2 }),
    )
  })
})

describe('sigma tables', () => {
  const table = sigmaTable(signalsOf(stable))

  it('lead from a timestep to its sigma and back', () => {
    for (const timestep of [0, 1, 500, 998, 999]) {
      expect(sigmaAt(table, timestep)).toBeCloseTo(table[timestep]!, 12)
      expect(timestepOf(table, table[timestep]!)).toBeCloseTo(timestep, 9)
    }
    expect(sigmaAt(table, 10.25)).toBeCloseTo(table[10]! * 0.75 + table[11]! * 0.25, 12)
  })

  it('hold the timestep of a foreign sigma to the training', () => {
    expect(timestepOf(table, 1e-6)).toBe(0)
    expect(timestepOf(table, 1e6)).toBe(999)
  })

  it('stay finite where the last timestep has no signal', () => {
    const rescaled = sigmaTable(signalsOf({ ...stable, rescale_betas_zero_snr: true }))
    expect(rescaled[999]).toBeCloseTo(4095.99988, 4)
  })
})

it('rounds halves to the even neighbour', () => {
  expect([0.5, 1.5, 2.5, 812.5, 937.5, 2.4, 2.6, 7].map(roundHalfToEven)).toEqual([
    0, 2, 2, 812, 938, 2, 3, 7,
  ])
})

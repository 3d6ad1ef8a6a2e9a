import { z } from 'zod'
import type { ModelCall, StateUpdate } from '../schedule.js'
import { spacedTimesteps, timestepSpacingSchema } from '../schedules/timestep-spacing.js'
import { trainingNoiseSchema, trainingSignals } from '../schedules/training-noise.js'
import { schedulerReader } from './scheduler-reader.js'
import { type Level, updateOf } from './step-update.js'
import { unitLevel } from './unit-level.js'

const schema = z.object({
  ...trainingNoiseSchema.shape,
  ...timestepSpacingSchema.shape,
  // diffusers adds outputs up as they are, which is the method for noise only.
  prediction_type: z.literal('epsilon').default('epsilon'),
  // With other spacings its first steps do not lead where the next call is.
  timestep_spacing: z.literal('leading').default('leading'),
  // Its Runge-Kutta steps; the default there is to take them.
  skip_prk_steps: z.literal(true),
  set_alpha_to_one: z.boolean().default(false),
  // diffusers ignores this key here: a model that needs it is better refused.
  rescale_betas_zero_snr: z.literal(false).default(false),
})

/** A share of the noise e = (x - a c) / s that was predicted at a call. */
interface NoiseShare {
  readonly weight: number
  /** How many calls ago; 0 for this one. */
  readonly back: number
  /** Where that call was. */
  readonly level: Level
}

interface Transfer {
  readonly from: Level
  readonly to: Level
  /** How many calls ago the state was that moves on. */
  readonly base: number
  readonly shares: readonly NoiseShare[]
}

/** x' = (a' / a) x + (s' - s a' / a) e for the weighted sum e (Liu, Ren, Lin and Zhao 2022, equation 11). */
function transfer({ from, to, base, shares }: Transfer): StateUpdate {
  const kept = to.signalCoefficient / from.signalCoefficient
  const moved = to.noiseCoefficient - kept * from.noiseCoefficient
  const depth = Math.max(base, ...shares.map(({ back }) => back))
  const [own, ...earlier] = Array.from({ length: depth + 1 }, (_, at) => {
    const share = shares.find(({ back }) => back === at)
    const noise = share ? (moved * share.weight) / share.level.noiseCoefficient : 0
    const signal = share ? share.level.signalCoefficient : 0
    return { state: (at === base ? kept : 0) + noise, clean: -noise * signal }
  })
  return updateOf({ ...own, earlier })
}

/** Adams-Bashforth of order one to four, this call first. */
const weightsByOrder = [
  [1],
  [3 / 2, -1 / 2],
  [23 / 12, -16 / 12, 5 / 12],
  [55 / 24, -59 / 24, 37 / 24, -9 / 24],
] as const

/** Calls whose noise is kept: all but the second, which only corrects the first step. */
const isKept = (call: number) => call !== 1

/** The shares of this call and of those before it that are kept. */
function shares(levels: readonly Level[], call: number): NoiseShare[] {
  const kept = levels.map((level, at) => ({ level, back: call - at })).slice(0, call + 1)
  const latest = kept.filter((_, at) => isKept(at)).reverse()
  const weights = weightsByOrder[Math.min(latest.length, 4) - 1]!
  return weights.map((weight, at) => ({ weight, ...latest[at]! }))
}

/**
 * Pseudo linear multistep, PLMS (Liu, Ren, Lin and Zhao 2022, "Pseudo numerical methods for diffusion
 * models on manifolds", equations 11 and 12): each step takes the noise that Adams-Bashforth
 * extrapolates from the last four calls. The first step is made twice, the second time with the mean
 * noise of both its ends, so that there is one model call more than steps.
 */
export const readPndm = schedulerReader({
  className: 'PNDMScheduler',
  schema,
  plan(config) {
    const signals = trainingSignals(config)
    const finalSignal = config.set_alpha_to_one ? 1 : signals[0]!
    return {
      parametrization: { type: config.prediction_type },
      clipping: null,
      schedule({ steps }) {
        const stride = Math.floor(config.num_train_timesteps / steps)
        const [first, second, ...others] = spacedTimesteps({ config, steps }) as [number, number]
        const timesteps = [first, second, second, ...others]
        const levels = timesteps.map((timestep) => unitLevel(signals[timestep]!))
        const calls = timesteps.map((timestep, call): ModelCall => {
          const from = levels[call]!
          if (!isKept(call)) {
            const half = (back: number, level: Level) => ({ weight: 1 / 2, back, level })
            const mean = [half(0, from), half(1, levels[0]!)]
            const update = transfer({ from: levels[0]!, to: from, base: 1, shares: mean })
            return { timestep, ...from, update }
          }
          const to = unitLevel(signals[timestep - stride] ?? finalSignal)
          const update = transfer({ from, to, base: 0, shares: shares(levels, call) })
          return { timestep, ...from, update }
        })
        return { initialScale: 1, calls }
      },
    }
  },
})

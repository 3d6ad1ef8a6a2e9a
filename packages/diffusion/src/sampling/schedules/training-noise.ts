import { AssayError } from '@assay/core'
import { z } from 'zod'
import { evenly } from './evenly.js'

const unitInterval = z.number().gt(0).lt(1)

/** Keys of a diffusers configuration that say what noise a discrete model was trained with. */
export const trainingNoiseSchema = z.object({
  num_train_timesteps: z.int().min(2).max(100_000).default(1000),
  beta_start: unitInterval.default(0.0001),
  beta_end: unitInterval.default(0.02),
  beta_schedule: z.enum(['linear', 'scaled_linear', 'squaredcos_cap_v2']).default('linear'),
  /** Takes the place of the schedule. */
  trained_betas: z.array(unitInterval).min(2).nullish(),
  rescale_betas_zero_snr: z.boolean().default(false),
})

/** What noise a discrete model was trained with. */
export type TrainingNoise = z.infer<typeof trainingNoiseSchema>

/** The cosine schedule (Nichol and Dhariwal 2021, equation 17), with no beta above 0.999. */
function cosineBetas(count: number): number[] {
  const squaredCosine = (time: number) => Math.cos(((time + 0.008) / 1.008) * (Math.PI / 2)) ** 2
  return Array.from({ length: count }, (_, at) =>
    Math.min(1 - squaredCosine((at + 1) / count) / squaredCosine(at / count), 0.999),
  )
}

function trainedBetas(noise: TrainingNoise): readonly number[] {
  const { beta_start: first, beta_end: last, num_train_timesteps: count } = noise
  if (noise.trained_betas) return ofLength(noise.trained_betas, count)
  switch (noise.beta_schedule) {
    case 'linear':
      return evenly(first, last, count)
    case 'scaled_linear':
      return evenly(Math.sqrt(first), Math.sqrt(last), count).map((root) => root ** 2)
    case 'squaredcos_cap_v2':
      return cosineBetas(count)
  }
}

function ofLength(betas: readonly number[], count: number): readonly number[] {
  if (betas.length === count) return betas
  throw new AssayError({
    code: 'MODEL_INCOMPATIBLE',
    message: `The scheduler has ${betas.length} trained_betas, but num_train_timesteps is ${count}.`,
    value: betas.length,
    remedy: 'Make num_train_timesteps the number of betas.',
  })
}

/**
 * Moves signal coefficients so that the last is 0 and the first stays (Lin et al. 2024, "Common
 * diffusion noise schedules and sample steps are flawed", algorithm 1).
 */
function withoutTerminalSignal(signals: readonly number[]): number[] {
  const first = signals[0]!
  const last = signals.at(-1)!
  return signals.map((signal) => ((signal - last) * first) / (first - last))
}

/**
 * Signal coefficient a at each training timestep: the square root of the cumulative product of
 * 1 - beta (Ho, Jain and Abbeel 2020, equation 4). The noise coefficient is the root of 1 - a².
 *
 * @throws AssayError `MODEL_INCOMPATIBLE` where trained betas are more or fewer than the timesteps
 */
export function trainingSignals(noise: TrainingNoise): number[] {
  let product = 1
  const signals = trainedBetas(noise).map((beta) => {
    product *= 1 - beta
    return Math.sqrt(product)
  })
  return noise.rescale_betas_zero_snr ? withoutTerminalSignal(signals) : signals
}

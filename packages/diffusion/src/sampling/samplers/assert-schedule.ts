import { AssayError } from '@assay/core'
import type { Parametrization } from '../parametrization.js'
import type { ModelCall } from '../schedule.js'
import type { ScheduleOptions } from './scheduler.js'

/** @throws AssayError `INVALID_ARGUMENT` */
export function assertScheduleOptions({ steps, eta }: Required<ScheduleOptions>): void {
  if (!Number.isInteger(steps) || steps < 1) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `The number of steps must be a whole number, at least 1, got ${steps}.`,
      value: steps,
      remedy: 'Pass for instance 20.',
    })
  }
  if (!(eta >= 0 && eta <= 1)) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `Eta must lie in [0, 1], got ${eta}.`,
      value: eta,
      remedy: 'Pass 0 for no fresh noise, 1 for as much as DDPM has.',
    })
  }
}

/** @throws AssayError `MODEL_INCOMPATIBLE` where noise is predicted from a state without signal */
export function assertPredictable(
  parametrization: Parametrization,
  calls: readonly ModelCall[],
): void {
  const blind = calls.find((call) => call.signalCoefficient === 0)
  if (parametrization.type !== 'epsilon' || blind === undefined) return
  throw new AssayError({
    code: 'MODEL_INCOMPATIBLE',
    message: `At timestep ${blind.timestep} the state holds no signal: no picture follows from the noise (epsilon) that the model predicts there.`,
    value: parametrization.type,
    remedy: 'Set rescale_betas_zero_snr to false, or use a model that predicts v or the sample.',
  })
}

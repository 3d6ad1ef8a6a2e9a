import { stepUpdate } from '../sampling/samplers/step-update.js'
import type { Schedule } from '../sampling/schedule.js'
import { evenly } from '../sampling/schedules/evenly.js'
import { assertWhole } from './assert-whole.js'

/** Where the last model call is made; from there the step goes to the clean picture. */
const lastLevel = 0.02

/**
 * Euler steps down the rectified flow x = (1 - s) y + s e (Liu, Gong and Liu 2022, "Flow straight and
 * fast"), s from 1 to 0.02 in even steps and then to 0, so that what is drawn is the last prediction.
 *
 * @param steps model calls, at least 1
 * @throws AssayError `INVALID_ARGUMENT`
 */
export function analyticSchedule(steps: number): Schedule {
  assertWhole('steps', steps, 1)
  const levels = evenly(1, lastLevel, steps).map((noise) => ({
    signalCoefficient: 1 - noise,
    noiseCoefficient: noise,
  }))
  const calls = levels.map((from, at) => {
    const to = levels[at + 1] ?? { signalCoefficient: 1, noiseCoefficient: 0 }
    return { timestep: 1000 * from.noiseCoefficient, ...from, update: stepUpdate(from, to) }
  })
  return { parametrization: { type: 'sample' }, initialScale: 1, clipping: null, calls }
}

import { assertFiniteRows } from './assert-finite-rows.js'
import type { Batch } from './batch.js'
import { clipPrediction } from './clip-prediction.js'
import type { DenoiserAnswer, DenoiserCall } from './denoiser.js'
import type { FloatArray } from './float-array.js'
import { assertNotAborted, shapeError } from './sampling-errors.js'

/**
 * The denoiser's answer at the model call `index`, checked and clipped.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `NOT_FINITE`, `ABORTED`
 */
export async function predictClean<Values extends FloatArray>(
  { precision, options, dims }: Batch<Values>,
  index: number,
  call: DenoiserCall<Values>,
): Promise<DenoiserAnswer<Values>> {
  const { denoiser, schedule, seeds, signal } = options
  assertNotAborted(signal)
  const answer = await denoiser.predict(call)
  assertNotAborted(signal)
  const { clean } = answer
  if (clean.constructor !== call.state.constructor || clean.length !== call.state.length) {
    const got = `${clean.constructor.name} of ${clean.length}`
    throw shapeError('A prediction', got, `${precision.type} [${dims}]`)
  }
  const origin = { source: 'The denoiser', index, timestep: call.timestep, seeds }
  assertFiniteRows(clean, origin)
  if (schedule.clipping === null) return answer
  const clipped = precision.create(clean.length)
  clipPrediction(schedule.clipping, { clean, clipped, rows: call.rows })
  return { ...answer, clean: clipped }
}

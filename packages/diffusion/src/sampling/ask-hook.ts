import type { DenoisingAdjustment, DenoisingStep, Tensor } from '@assay/core'
import { AssayError } from '@assay/core'
import { assertFiniteRows } from './assert-finite-rows.js'
import type { Batch } from './batch.js'
import type { FloatArray } from './float-array.js'
import { shapeError } from './sampling-errors.js'

/** What a hook left of a prediction and of what comes next. */
export interface HookedPrediction<Values extends FloatArray> {
  readonly clean: Values
  readonly condition: Tensor | null
  readonly guidanceScale: number
}

/**
 * Shows the hook a model call and takes what it changes. What the hook gives back is not clipped
 * again, which could undo it.
 *
 * @throws AssayError `SHAPE_MISMATCH` or `NOT_FINITE` for what the hook gives back
 */
export async function askHook<Values extends FloatArray>(
  batch: Batch<Values>,
  clean: Values,
  step: Omit<DenoisingStep, 'prediction'>,
): Promise<HookedPrediction<Values>> {
  const { precision, options, dims } = batch
  const prediction = precision.tensor(dims, clean)
  const adjustment: DenoisingAdjustment = (await options.hook?.({ ...step, prediction })) ?? {}
  const { condition = step.condition, guidanceScale = step.guidanceScale } = adjustment
  assertGuidanceScale(guidanceScale)
  if (adjustment.prediction === undefined) return { clean, condition, guidanceScale }
  const replaced = replacement(batch, adjustment.prediction)
  const { index, timestep } = step
  assertFiniteRows(replaced, { source: 'The hook', index, timestep, seeds: options.seeds })
  return { clean: replaced, condition, guidanceScale }
}

function replacement<Values extends FloatArray>(
  { precision, dims }: Batch<Values>,
  tensor: Tensor,
): Values {
  const values = precision.values(tensor)
  const alike = String(tensor.dims) === String(dims)
  if (values !== null && alike && values.length === dims.reduce((a, b) => a * b, 1)) return values
  const got = `${tensor.type} [${tensor.dims}] with ${tensor.data.length} numbers`
  throw shapeError("The hook's prediction", got, `${precision.type} [${dims}]`)
}

/** @throws AssayError `NOT_FINITE` */
export function assertGuidanceScale(value: number): void {
  if (Number.isFinite(value)) return
  throw new AssayError({
    code: 'NOT_FINITE',
    message: `The guidance scale is ${value}.`,
    value,
    remedy: 'Pass a finite number; 1 means no guidance.',
  })
}

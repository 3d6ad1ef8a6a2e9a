import { AssayError, type DenoisingStep, type Tensor } from '@assay/core'
import { type RepelledPrediction, repel } from '../kernel/repel.js'
import { joinReferences } from '../references/join-references.js'
import { referencesOfRows } from '../references/references-in-memory.js'
import type { Shield, ShieldCall, ShieldOptions } from './shield.js'

/**
 * A shield for one run of a sampler: its hook looks at the predicted clean picture of every model call and
 * moves it out of the shields it is in. Pictures that are never in one are left as they are, bit for bit.
 *
 * @throws AssayError `INVALID_ARGUMENT` (radius, overcompensation, window); from the hook `SHAPE_MISMATCH`
 *   for references of another length, `NOT_FINITE`, `INVALID_ARGUMENT` where strict form finds no place
 *
 * Source: Kirchhof et al., Shielded Diffusion (2025).
 */
export function createShield(options: ShieldOptions): Shield {
  assertOptions(options)
  const calls: ShieldCall[] = []
  return {
    calls,
    async hook(step) {
      if (!actsAt(step, options)) return undefined
      const predictions = rowsOf(step.prediction)
      const moved = options.apart
        ? await repelApart(predictions, step, options)
        : await repelFrom(predictions, step, options)
      calls.push(describeCall(step, predictions, moved))
      return moved.some((each) => each !== null)
        ? { prediction: withRows(step.prediction, moved) }
        : undefined
    },
  }
}

const settingsOf = ({ radius, overcompensation = 1.6, strict = false, box }: ShieldOptions) => ({
  radius,
  overcompensation,
  strict,
  ...(box && { box }),
})

async function repelFrom(
  predictions: readonly Float64Array[],
  { seeds }: DenoisingStep,
  options: ShieldOptions,
): Promise<readonly (RepelledPrediction | null)[]> {
  const { references } = options
  if (references === undefined) return predictions.map(() => null)
  assertDimensions(references.dimensions, predictions)
  return repel(predictions, seeds, { ...settingsOf(options), references })
}

/**
 * Each picture away from the others of its batch as well. In strict form one after the other, so that each
 * sees where those before it went; else all at once, as in the paper.
 */
async function repelApart(
  predictions: readonly Float64Array[],
  { seeds }: DenoisingStep,
  options: ShieldOptions,
): Promise<readonly (RepelledPrediction | null)[]> {
  const { references } = options
  if (references) assertDimensions(references.dimensions, predictions)
  const current = [...predictions]
  const moved: (RepelledPrediction | null)[] = []
  for (const [row, prediction] of predictions.entries()) {
    const others = (options.strict ? current : predictions).filter((_, other) => other !== row)
    const sets = [
      ...(references ? [references] : []),
      ...(others.length > 0 ? [referencesOfRows(others)] : []),
    ]
    const settings = { ...settingsOf(options), references: joinReferences(sets) }
    const [each = null] = await repel([prediction], [seeds[row] ?? row], settings)
    if (each) current[row] = each.prediction
    moved.push(each)
  }
  return moved
}

function actsAt({ index, count }: DenoisingStep, { window = [0, 1] }: ShieldOptions): boolean {
  const share = count <= 1 ? 0 : index / (count - 1)
  return share >= window[0] && share <= window[1]
}

/** Rows in float64; a prediction of any float type. */
function rowsOf({ data, dims }: Tensor): readonly Float64Array[] {
  const rows = dims[0] ?? 0
  const columns = rows === 0 ? 0 : data.length / rows
  return Array.from({ length: rows }, (_, row) =>
    Float64Array.from(data.subarray(row * columns, (row + 1) * columns) as Float32Array),
  )
}

/** The prediction with the rows that moved. */
function withRows(prediction: Tensor, moved: readonly (RepelledPrediction | null)[]): Tensor {
  const data = prediction.data.slice() as Float32Array
  moved.forEach((each, row) => {
    if (each) data.set(each.prediction, row * each.prediction.length)
  })
  return { ...prediction, data } as Tensor
}

function describeCall(
  step: DenoisingStep,
  predictions: readonly Float64Array[],
  moved: readonly (RepelledPrediction | null)[],
): ShieldCall {
  const states = rowsOf(step.state)
  const lengths = moved.flatMap((each, row) => {
    const [prediction, state] = [predictions[row], states[row]]
    if (each === null || prediction === undefined || state === undefined) return []
    const correction = distance(each.prediction, prediction)
    return [{ correction, relative: correction / distance(state, prediction) }]
  })
  const mean = (values: readonly number[]) =>
    values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
  return {
    index: step.index,
    timestep: step.timestep,
    pictures: predictions.length,
    active: lengths.length,
    shields: moved.reduce((sum, each) => sum + (each?.shields ?? 0), 0),
    correction: mean(lengths.map(({ correction }) => correction)),
    relativeCorrection: mean(lengths.map(({ relative }) => relative)),
  }
}

function distance(one: Float64Array, other: Float64Array): number {
  let sum = 0
  for (let at = 0; at < one.length; at += 1) sum += (one[at]! - other[at]!) ** 2
  return Math.sqrt(sum)
}

function assertDimensions(dimensions: number, [prediction]: readonly Float64Array[]): void {
  if (prediction === undefined || prediction.length === dimensions) return
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `References of ${dimensions} numbers cannot shield predictions of ${prediction.length}.`,
    value: dimensions,
    remedy: "Give references in the sampler's own space: its latents, with their scale and shift.",
  })
}

function assertOptions({ radius, overcompensation = 1.6, window = [0, 1] }: ShieldOptions): void {
  const wrong =
    (!(radius > 0 && Number.isFinite(radius)) && ['The radius', radius]) ||
    (!(overcompensation >= 1 && Number.isFinite(overcompensation)) && [
      'The overcompensation',
      overcompensation,
    ]) ||
    (!(window[0] >= 0 && window[0] <= window[1] && window[1] <= 1) && ['The window', window])
  if (!wrong) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${wrong[0]} of a shield cannot be ${wrong[1]}.`,
    value: wrong[1],
    remedy: 'Give a radius above 0, an overcompensation from 1, and a window within [0, 1].',
  })
}

import type { DenoisingStep, Tensor } from '@assay/core'
import { type RepelledPrediction, repel } from '../kernel/repel.js'
import { settle } from '../kernel/settle.js'
import { joinReferences } from '../references/join-references.js'
import { referencesOfBatch } from '../references/references-of-batch.js'
import { assertShieldOptions } from './assert-shield-options.js'
import { collectEvidence } from './collect-evidence.js'
import { rowsOf } from './rows-of.js'
import type { Shield, ShieldOptions } from './shield.js'

/**
 * A shield for one run of a sampler: its hook looks at the predicted clean picture of every model call and
 * moves it out of the shields it is in. Pictures that are never in one are left as they are, bit for bit.
 *
 * @throws AssayError `INVALID_ARGUMENT` (radius, overcompensation, margin, box, window); from the hook
 *   `SHAPE_MISMATCH` for references of another length and tensors of other types than float32 and float64,
 *   `NOT_FINITE` for a prediction that is no number, `INVALID_ARGUMENT` where strict form finds no place
 *   and there is no `onNoPlace`
 *
 * Source: Kirchhof et al., Shielded Diffusion (2025).
 */
export function createShield(options: ShieldOptions): Shield {
  assertShieldOptions(options)
  const evidence = collectEvidence()
  const { radius, margin = 0, apart = false, strict = false } = options
  return {
    calls: evidence.calls,
    get pictures() {
      return evidence.pictures
    },
    async hook(step) {
      if (!actsAt(step, options)) return undefined
      const predictions = rowsOf(step.prediction)
      const moved =
        apart && strict
          ? await repelInTurn(predictions, step, options)
          : await repelTogether(predictions, step, options)
      evidence.observe({ step, predictions, moved, radius: radius + margin })
      return moved.some((each) => each !== null)
        ? { prediction: withRows(step.prediction, moved) }
        : undefined
    },
  }
}

type Moved = readonly (RepelledPrediction | null)[]

function settingsOf(options: ShieldOptions) {
  const { radius, margin = 0, overcompensation = 1.6, strict = false, box = null } = options
  const { onNoPlace, signal } = options
  return { radius: radius + margin, overcompensation, strict, box, onNoPlace, signal }
}

/** All pictures at once, from where they are, as in the paper. */
async function repelTogether(
  predictions: readonly Float64Array[],
  { seeds }: DenoisingStep,
  options: ShieldOptions,
): Promise<Moved> {
  const sets = [
    ...(options.references ? [options.references] : []),
    ...(options.apart ? [referencesOfBatch(predictions, (place) => place)] : []),
  ]
  return repel(predictions, seeds, { ...settingsOf(options), references: joinReferences(sets) })
}

/** One picture after the other, so that each sees where those before it went. */
async function repelInTurn(
  predictions: readonly Float64Array[],
  { seeds }: DenoisingStep,
  options: ShieldOptions,
): Promise<Moved> {
  // Where they will be, as those that are not moved are cut to the box as well.
  const current = predictions.map((point) => (options.box ? settle(point, options.box) : point))
  const moved: (RepelledPrediction | null)[] = []
  for (const [row, prediction] of predictions.entries()) {
    const sets = [
      ...(options.references ? [options.references] : []),
      referencesOfBatch(current, () => row),
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

/** The prediction with the rows that moved. */
function withRows(prediction: Tensor, moved: Moved): Tensor {
  const data = prediction.data.slice() as Float32Array
  moved.forEach((each, row) => {
    if (each) data.set(each.prediction, row * each.prediction.length)
  })
  return { ...prediction, data } as Tensor
}

import { euclideanDistance } from '@assay/core/linear-algebra'
import type { NearReference, ShieldReferences } from '../references/shield-references.js'
import { assertPredictions } from './assert-predictions.js'
import { pushOut } from './push-out.js'
import { repelOnce } from './repel-once.js'
import { repelStrictly } from './repel-strictly.js'
import { settle } from './settle.js'

/** How predictions are kept out of shields. */
export interface RepelPredictionOptions {
  readonly references: ShieldReferences
  /** Radius of every shield, above 0, in the space of the references. */
  readonly radius: number
  /** λ: how much of the push is applied, from 1; the paper recommends 1.6. */
  readonly overcompensation: number
  /**
   * Whether the result is brought out of every shield, however they overlap. Without it the sum of the
   * pushes is applied once, as in the paper.
   */
  readonly strict: boolean
  /** Bounds of each coordinate that strict results stay in; null for latents. */
  readonly box?: readonly [number, number] | null
  /** Rounds of pushing in strict form before other means are tried. Default: 20. */
  readonly rounds?: number
  /**
   * Told of each prediction for which strict form finds no place: it stays inside, and its picture must not be
   * given out. Default: nobody is, and the first one is an error that ends the batch.
   */
  readonly onNoPlace?: ((seed: number, reason: string) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** A prediction that a shield has moved. */
export interface RepelledPrediction {
  readonly prediction: Float64Array
  /** References it was too near to. */
  readonly shields: number
  /** Distance to the nearest of them before the push. */
  readonly nearest: number
  /** Distance to the nearest of them after it. */
  readonly nearestAfter: number
  /** Those references, the nearest first. */
  readonly near: readonly NearReference[]
}

/**
 * Moves each prediction that lies in a shield; null stands for those that lie in none, which must be left
 * as they are, bit for bit. What becomes of a prediction depends on its seed and the references only, never
 * on the others beside it.
 *
 * @param seeds one a prediction, for directions where a prediction is a reference
 * @throws AssayError `NOT_FINITE` for a prediction that is no number, `SHAPE_MISMATCH` for references of
 *   another length; `INVALID_ARGUMENT` for a radius that is not above 0, and where strict form finds no place
 *   outside of the shields and there is no `onNoPlace`
 *
 * Source: Kirchhof et al., Shielded Diffusion (2025).
 */
export async function repel(
  predictions: readonly Float64Array[],
  seeds: readonly number[],
  options: RepelPredictionOptions,
): Promise<readonly (RepelledPrediction | null)[]> {
  const { references, radius, overcompensation, strict, box = null, rounds = 20 } = options
  const { signal, onNoPlace } = options
  assertPredictions(predictions, seeds, options)
  // What is beyond the box will be cut to it, which can bring it into a shield.
  const seen = strict && box ? predictions.map((point) => settle(point, box)) : predictions
  const found = await references.within(seen, { radius, signal })
  const active = seen.flatMap((point, row) => {
    const near = (found[row] ?? []).toSorted((one, other) => one.distance - other.distance)
    return near.length === 0 ? [] : [{ row, point, near, seed: seeds[row] ?? row }]
  })
  const push = strict ? pushOut : repelOnce
  const pushed = active.map(({ point, near, seed }) => {
    const move = push(point, near, { radius, seed })
    return point.map((value, at) => value + overcompensation * move[at]!)
  })
  const ends = strict
    ? await repelStrictly(
        pushed.map((point, at) => ({ point, seed: active[at]!.seed })),
        { references, radius, box, rounds, onNoPlace, signal },
      )
    : pushed
  const moved: (RepelledPrediction | null)[] = predictions.map(() => null)
  active.forEach(({ row, near }, at) => {
    moved[row] = describe(ends[at]!, near)
  })
  return moved
}

const describe = (
  prediction: Float64Array,
  near: readonly NearReference[],
): RepelledPrediction => ({
  prediction,
  shields: near.length,
  nearest: near[0]!.distance,
  nearestAfter: near.reduce(
    (least, { vector }) => Math.min(least, euclideanDistance(prediction, vector)),
    Number.POSITIVE_INFINITY,
  ),
  near,
})

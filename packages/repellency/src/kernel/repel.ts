import type { ShieldReferences } from '../references/shield-references.js'
import { repelOnce } from './repel-once.js'
import { repelStrictly } from './repel-strictly.js'

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
  readonly signal?: AbortSignal | undefined
}

/** A prediction that a shield has moved. */
export interface RepelledPrediction {
  readonly prediction: Float64Array
  /** References it was too near to. */
  readonly shields: number
  /** Distance to the nearest of them before the push. */
  readonly nearest: number
}

/**
 * Moves each prediction that lies in a shield; null stands for those that lie in none, which must be left
 * as they are, bit for bit.
 *
 * @param seeds one a prediction, for directions where a prediction is a reference
 * @throws AssayError `INVALID_ARGUMENT` where strict form finds no place outside of the shields
 *
 * Source: Kirchhof et al., Shielded Diffusion (2025).
 */
export async function repel(
  predictions: readonly Float64Array[],
  seeds: readonly number[],
  options: RepelPredictionOptions,
): Promise<readonly (RepelledPrediction | null)[]> {
  const { references, radius, overcompensation, strict, box = null, rounds = 20, signal } = options
  const found = await references.within(predictions, { radius, signal })
  const moved: (RepelledPrediction | null)[] = []
  for (const [row, point] of predictions.entries()) {
    const near = found[row] ?? []
    const seed = seeds[row] ?? row
    if (near.length === 0) {
      moved.push(null)
      continue
    }
    const move = repelOnce(point, near, { radius, seed })
    const pushed = point.map((value, at) => value + overcompensation * (move[at] ?? 0))
    const strictly = { references, radius, seed, box, rounds, signal }
    moved.push({
      prediction: strict ? (await repelStrictly(pushed, strictly)).point : pushed,
      shields: near.length,
      nearest: near.reduce((least, { distance }) => Math.min(least, distance), radius),
    })
  }
  return moved
}

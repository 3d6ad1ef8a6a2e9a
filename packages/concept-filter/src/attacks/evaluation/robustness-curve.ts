import type { Interval } from '@assay/core'
import { wilsonInterval } from '@assay/core/statistics'
import type { PromptAttackResult } from '../prompts/prompt-attack.js'
import type { AttackResult } from '../search/attack-result.js'

/** As much of an attack's result as a curve over queries needs; attacks on prompts have it too. */
export type QueriedAttempt = Pick<AttackResult | PromptAttackResult, QueriedFields>

type QueriedFields = 'queriesToSuccess' | 'budget' | 'stopped'

/** As much of an attack's result as a curve over distances needs. */
export type MeasuredAttempt = Pick<AttackResult, 'distance' | 'radius'>

/** What a curve is drawn from. */
export type RobustnessCurveOptions = {
  /** Where to read the curve: queries, or distances in the norm of the attacks. */
  readonly at: readonly number[]
  /**
   * Items that the filter decides wrongly without any attack, besides prompts that needed none: they stand
   * nowhere on the curve. Default: 0
   */
  readonly wrong?: number
  /** Level of the intervals. Default: .95 */
  readonly level?: number
} & (
  | { readonly by: 'queries'; readonly attempts: readonly QueriedAttempt[] }
  | { readonly by: 'distance'; readonly attempts: readonly MeasuredAttempt[] }
)

/** A share with what is needed to trust it. */
export interface CurveShare {
  readonly count: number
  readonly n: number
  /** Null where n is 0, or where some attack did not go that far. */
  readonly value: number | null
  readonly interval: Interval | null
}

/** One point of a curve. */
export interface RobustnessPoint {
  /** Queries, or distance. */
  readonly at: number
  /** Share of the attacked items that were turned by then. */
  readonly success: CurveShare
  /** Share of all items, wrongly decided ones included, that are decided rightly and were not turned. */
  readonly robustAccuracy: CurveShare
  /** Attacks that ended short of this without success: what they would have found is not known. */
  readonly unknown: number
}

/**
 * How many decisions stand against more and more queries, or larger and larger changes, with Wilson
 * intervals. A failed attack bounds robustness from above only: a better one may succeed. Where an attack
 * did not go as far as a point asks, the point has no value.
 *
 * @throws AssayError `INVALID_ARGUMENT` (wrong, level)
 */
export function robustnessCurve(options: RobustnessCurveOptions): readonly RobustnessPoint[] {
  const { at, level = 0.95 } = options
  const reaches = reachesOf(options)
  const wrong = (options.wrong ?? 0) + options.attempts.length - reaches.length
  return at.map((point) => {
    const turned = reaches.filter(({ success }) => success !== null && success <= point).length
    const unknown = reaches.filter(({ success, tried }) => success === null && tried < point).length
    const share = (count: number, n: number): CurveShare =>
      n === 0 || unknown > 0
        ? { count, n, value: null, interval: null }
        : {
            count,
            n,
            value: count / n,
            interval: wilsonInterval({ successes: count, trials: n }, { level }),
          }
    return {
      at: point,
      success: share(turned, reaches.length),
      robustAccuracy: share(reaches.length - turned, reaches.length + wrong),
      unknown,
    }
  })
}

/** How far each attack got, less those that were not needed, as the plain prompt passes. */
function reachesOf(options: RobustnessCurveOptions): readonly Reach[] {
  if (options.by === 'distance') return options.attempts.map(distanceReach)
  return options.attempts.filter(({ stopped }) => stopped !== 'not-needed').map(queryReach)
}

interface Reach {
  /** Where it succeeded. */
  readonly success: number | null
  /** How far it went without success. */
  readonly tried: number
}

/** An attack that came to its own end would not have used more queries; one that spent its budget might have. */
const queryReach = ({ queriesToSuccess, budget, stopped }: QueriedAttempt): Reach => ({
  success: queriesToSuccess,
  tried: stopped === 'budget' ? budget : Number.POSITIVE_INFINITY,
})

const distanceReach = ({ distance, radius }: MeasuredAttempt): Reach => ({
  success: distance,
  tried: radius ?? Number.POSITIVE_INFINITY,
})

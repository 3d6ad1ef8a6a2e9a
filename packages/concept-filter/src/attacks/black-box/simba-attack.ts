import type { QueryAttackOptions } from '../search/attack-options.js'
import type { AttackResult } from '../search/attack-result.js'
import type { AttackRun } from '../search/attack-run.js'
import { startPictureRun } from '../search/picture-run.js'
import { refine } from '../search/refine.js'

/** How an attack value by value goes. */
export interface SimbaAttackOptions extends QueryAttackOptions {
  /**
   * Change of one value. Default: what fills the radius once all values were tried that the budget allows;
   * without a radius what reaches the boundary by then, as far as the values tried so far tell.
   */
  readonly stepSize?: number
}

/** Queries a value on average: the second direction is asked about where the first does not help. */
const QUERIES_PER_VALUE = 1.5
/** Values tried before the slope they tell is believed. */
const FIRST_VALUES = 16
/** Change of the first values, before anything is known of the score's slope; no step is smaller. */
const FIRST_STEP = 1 / 255
/** Aims this share of the first loss past the boundary, to be sure to cross it. */
const OVERSHOOT = 0.05

/**
 * The simple black-box attack: values in random order, each raised or lowered by one step wherever that
 * lowers the score.
 *
 * @throws AssayError `INVALID_ARGUMENT`, `IMAGE_CORRUPT`, `NOT_FINITE` (a score), `ABORTED`
 *
 * Source: Guo, Gardner, You, Wilson and Weinberger (2019), Simple black-box adversarial attacks, in the
 * basis of pixels.
 */
export async function simbaAttack(options: SimbaAttackOptions): Promise<AttackResult> {
  const run = await startPictureRun(options, options.score)
  await walk(run, options.stepSize)
  if (run.nearest !== null) await refine(run, run.nearest.point)
  return run.result()
}

interface Walk {
  readonly point: Float64Array
  readonly loss: number
  /** Mean change of the loss for a unit change of one value, over those tried. */
  readonly slope: number
  readonly tried: number
}

async function walk(run: AttackRun, stepSize: number | undefined): Promise<void> {
  let state: Walk = { point: run.origin, loss: run.loss, slope: 0, tried: 0 }
  for (;;) {
    const before = state.point
    const order = run.random.shuffle([...run.origin.keys()])
    for (const [at, value] of order.entries()) {
      const size = stepSize ?? plannedStep(run, state, order.length - at)
      const next = await stepValue(run, state, { value, size })
      if (next === null || run.nearest !== null) return
      state = next
    }
    // A pass that moved nothing would be repeated for ever.
    if (state.point === before) return
  }
}

async function stepValue(
  run: AttackRun,
  state: Walk,
  { value, size }: { readonly value: number; readonly size: number },
): Promise<Walk | null> {
  const { point, loss, tried } = state
  let { slope } = state
  for (const signed of [size, -size]) {
    const moved = point.slice()
    moved[value]! += signed
    const candidate = run.place(run.within(moved))
    const change = Math.abs(candidate[value]! - point[value]!)
    if (change === 0) continue // At black or white, or at the radius.
    const answer = await run.askOne(candidate)
    if (answer === null) return null
    if (signed > 0) slope += (Math.abs(answer.loss - loss) / change - slope) / (tried + 1)
    if (answer.loss < loss || answer.turned) {
      return { point: answer.point, loss: answer.loss, slope, tried: tried + 1 }
    }
  }
  return { point, loss, slope, tried: tried + 1 }
}

function plannedStep(run: AttackRun, { loss, slope, tried }: Walk, leftInPass: number): number {
  const affordable = (run.remaining - run.refinements) / QUERIES_PER_VALUE
  // Towards the end of a pass the steps would grow without bound; the next pass goes on instead.
  const planned = Math.max(leftInPass, run.origin.length / 16)
  const values = Math.max(1, Math.min(planned, affordable))
  if (Number.isFinite(run.radius)) {
    const all = Math.min(run.origin.length, tried + values)
    return run.norm === 'linf' ? run.radius : run.radius / Math.sqrt(all)
  }
  if (slope === 0 || tried < FIRST_VALUES) return FIRST_STEP
  return Math.max(FIRST_STEP, (loss + OVERSHOOT * run.loss) / (slope * values))
}

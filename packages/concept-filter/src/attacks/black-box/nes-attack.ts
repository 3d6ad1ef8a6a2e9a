import type { QueryAttackOptions } from '../search/attack-options.js'
import type { AttackResult } from '../search/attack-result.js'
import type { AttackRun } from '../search/attack-run.js'
import { addScaled, steepestStep, steepness } from '../search/perturbation.js'
import { startPictureRun } from '../search/picture-run.js'
import { refine } from '../search/refine.js'

/** How an attack by estimated gradients goes. */
export interface NesAttackOptions extends QueryAttackOptions {
  /** Random directions a step, each asked about both ways. Default: 50 */
  readonly directions?: number
  /**
   * Standard deviation of what is tried around the picture. Default: .001; 4 / 255 on 8-bit pictures, where
   * less would be rounded away.
   */
  readonly probe?: number
  /**
   * Size of a step in the norm. Default: a tenth of the radius; without a radius as long as it takes to
   * reach the boundary on the average of all steps that the budget allows.
   */
  readonly stepSize?: number
}

/** Aims this share of the first loss past the boundary, to be sure to cross it. */
const OVERSHOOT = 0.05

/**
 * An attack that estimates the gradient from scores alone: the mean over random directions of the score's
 * difference both ways, by natural evolution strategies with antithetic samples.
 *
 * @throws AssayError `INVALID_ARGUMENT`, `IMAGE_CORRUPT`, `NOT_FINITE` (a score), `ABORTED`
 *
 * Source: Ilyas, Engstrom, Athalye and Lin (2018), Black-box adversarial attacks with limited queries and
 * information.
 */
export async function nesAttack(options: NesAttackOptions): Promise<AttackResult> {
  const { directions = 50, probe = options.eightBit ? 4 / 255 : 1e-3 } = options
  const run = await startPictureRun(options, options.score)
  let { origin: point, loss } = run
  for (;;) {
    const estimate = await estimateGradient(run, point, { directions, probe })
    if (estimate === null || estimate.slope === 0 || run.satisfied) break
    const planned = plannedStep(run, { loss, directions, slope: estimate.slope })
    const size = options.stepSize ?? planned
    point = run.within(addScaled(point, steepestStep(estimate.gradient, run.norm, size)))
    const answer = await run.askOne(point)
    if (answer === null || answer.turned) break
    loss = answer.loss
  }
  if (run.nearest !== null) await refine(run, run.nearest.point)
  return run.result('no-gradient')
}

interface GradientEstimate {
  readonly gradient: Float64Array
  /** Length of the true gradient: the root of the mean square of the derivatives along the directions. */
  readonly slope: number
}

async function estimateGradient(
  run: AttackRun,
  point: Float64Array,
  { directions, probe }: { readonly directions: number; readonly probe: number },
): Promise<GradientEstimate | null> {
  const noises = Array.from({ length: directions }, () => point.map(() => run.random.normal()))
  const answers = await run.ask(
    noises.flatMap((noise) => [addScaled(point, noise, probe), addScaled(point, noise, -probe)]),
  )
  if (answers === null) return null
  const gradient = new Float64Array(point.length)
  let squares = 0
  noises.forEach((noise, at) => {
    const derivative = (answers[2 * at]!.loss - answers[2 * at + 1]!.loss) / (2 * probe)
    squares += derivative * derivative
    for (let value = 0; value < gradient.length; value += 1) {
      gradient[value]! += (derivative * noise[value]!) / directions
    }
  })
  return { gradient, slope: Math.sqrt(squares / directions) }
}

/**
 * A step of an estimate from m directions in n dimensions goes the share sqrt(m / (m + n)) of its length
 * down the true gradient; the rest cancels over many steps, which is why all steps are used.
 */
function plannedStep(
  run: AttackRun,
  { loss, directions, slope }: { loss: number; directions: number; slope: number },
): number {
  if (Number.isFinite(run.radius)) return run.radius / 10
  const dimensions = run.origin.length
  const left = run.remaining - run.refinements
  const steps = Math.max(1, Math.floor(left / (2 * directions + 1)))
  const share = Math.sqrt(directions / (directions + dimensions))
  const typicalValue = slope / Math.sqrt(dimensions)
  const dual = steepness(
    run.origin.map(() => typicalValue),
    run.norm,
  )
  return (loss + OVERSHOOT * run.loss) / (dual * share * steps)
}

import type { ScoreGradient } from '../score/embedding-score.js'
import type { AttackRun } from './attack-run.js'
import { addScaled, randomChange, steepestStep, steepness } from './perturbation.js'
import { refine } from './refine.js'

/** How projected gradient descent goes. */
export interface DescentOptions {
  /** Steps from each start. Default: 50 */
  readonly steps?: number
  /** Starts: the picture itself, then random points within the radius. Default: 5 */
  readonly restarts?: number
  /** First size of a step in the norm, falling to 0 over the steps. Default: a quarter of the radius. */
  readonly stepSize?: number
  /** Without a radius: ends once no smaller one works, to within this share. Default: .0001 */
  readonly tolerance?: number
}

/** Where gradients come from, and who decides where that is another. */
export interface DescentTarget {
  gradient(point: Float64Array): ScoreGradient | Promise<ScoreGradient>
  /** Whether the decision is asked for by `run.ask` rather than read off the gradient's score. */
  readonly asks: boolean
}

/** What came of a descent within one radius. */
type Outcome = 'turned' | 'missed' | 'flat' | 'spent'

/** Descends within the run's radius, or, where it has none, looks for the smallest radius that works. */
export async function descend(
  run: AttackRun,
  target: DescentTarget,
  options: DescentOptions,
): Promise<Outcome> {
  const outcome = Number.isFinite(run.radius)
    ? await descendWithin(run, target, { ...options, radius: run.radius })
    : await descendNearest(run, target, options)
  if (run.nearest !== null && Number.isFinite(run.radius)) await refine(run, run.nearest.point)
  return outcome
}

async function descendNearest(
  run: AttackRun,
  target: DescentTarget,
  options: DescentOptions,
): Promise<Outcome> {
  const first = await estimateDistance(run, target)
  if (typeof first !== 'number') return first
  let [failed, radius] = [0, first]
  while (run.nearest === null) {
    const outcome = await descendWithin(run, target, { ...options, radius })
    if (outcome === 'missed' && radius < farthest(run)) [failed, radius] = [radius, 2 * radius]
    else if (outcome !== 'turned') return outcome
  }
  await refine(run, run.nearest.point)
  const { tolerance = 1e-4 } = options
  while (run.nearest.distance > failed * (1 + tolerance)) {
    const middle = (failed + run.nearest.distance) / 2
    const known = run.nearest
    const outcome = await descendWithin(run, target, { ...options, radius: middle })
    if (outcome === 'spent') return outcome
    if (run.nearest.distance < known.distance) await refine(run, run.nearest.point)
    else failed = middle
  }
  return 'turned'
}

/** Half as far again as a straight line down the gradient would have to go. */
async function estimateDistance(run: AttackRun, target: DescentTarget): Promise<number | Outcome> {
  if (!run.spend(1)) return 'spent'
  const { gradient } = await target.gradient(run.origin)
  const distance = (1.5 * run.loss) / steepness(gradient, run.norm)
  return distance > 0 && Number.isFinite(distance) ? distance : 'flat'
}

/** No change of values in [0, 1] is larger; embeddings are given as many lengths of themselves. */
const farthest = ({ origin, norm }: AttackRun) =>
  norm === 'linf' ? 1 : Math.sqrt(origin.length) * Math.max(1, ...origin.map(Math.abs))

interface Descent extends DescentOptions {
  readonly radius: number
}

async function descendWithin(
  run: AttackRun,
  target: DescentTarget,
  descent: Descent,
): Promise<Outcome> {
  const { restarts = 5, radius } = descent
  let outcome: Outcome = 'missed'
  for (let start = 0; start < restarts; start += 1) {
    const { norm, random, origin } = run
    const change = randomChange(origin.length, { norm, radius, random })
    const point = start === 0 ? origin : run.within(addScaled(origin, change), radius)
    const next = await descendFrom(run, target, { ...descent, point })
    if (next === 'turned' || next === 'spent') return next
    if (start === 0 || next === 'missed') outcome = next
  }
  return outcome
}

async function descendFrom(
  run: AttackRun,
  target: DescentTarget,
  descent: Descent & { readonly point: Float64Array },
): Promise<Outcome> {
  const { steps = 50, radius, stepSize = radius / 4 } = descent
  let { point } = descent
  for (let step = 0; step <= steps; step += 1) {
    if (!run.spend(1)) return 'spent'
    // Where points are rounded, the gradient is taken at the rounded one and moves the other.
    const placed = run.place(point)
    const { score, gradient } = await target.gradient(placed)
    const answer = target.asks ? await run.askOne(placed) : run.note(placed, score)
    if (answer === null) return 'spent'
    if (answer.turned) return 'turned'
    if (!(steepness(gradient, run.norm) > 0)) return 'flat'
    const down = run.flagged ? gradient : gradient.map((value) => -value)
    const size = stepSize * (1 - step / steps)
    if (size === 0) break
    point = run.within(addScaled(point, steepestStep(down, run.norm, size)), radius)
  }
  return 'missed'
}

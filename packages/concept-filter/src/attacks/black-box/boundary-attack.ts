import type { FloatImage } from '../pixels/float-image.js'
import type { QueryAttackOptions } from '../search/attack-options.js'
import type { AttackResult } from '../search/attack-result.js'
import type { AttackRun } from '../search/attack-run.js'
import { addScaled, perturbationSize } from '../search/perturbation.js'
import { startPictureRun } from '../search/picture-run.js'
import { refine } from '../search/refine.js'

/** How an attack by decisions alone goes. */
export interface BoundaryAttackOptions extends Omit<QueryAttackOptions, 'norm'> {
  /** A picture of the other decision to begin at, of the same size. Default: the first of some noise that is. */
  readonly start?: FloatImage
  /** First size of a step along the boundary, relative to the distance. Default: .1 */
  readonly sidestep?: number
  /** First size of a step towards the picture, relative to the distance. Default: .03 */
  readonly approach?: number
}

/** Pictures of noise tried as a start. */
const STARTS = 50
/** Outcomes that a step size is adapted to. */
const WINDOW = 10
/** Steps towards the picture below this share of the distance gain nothing. */
const SMALLEST_APPROACH = 1e-6

/**
 * The boundary attack, in L2: it sees the decision and never the score. From a picture of the other decision
 * it walks along the boundary, steps sideways on the sphere around the picture and then towards it, with
 * steps that adapt to how many succeed.
 *
 * @throws AssayError `INVALID_ARGUMENT`, `IMAGE_CORRUPT`, `NOT_FINITE` (a score), `ABORTED`
 *
 * Source: Brendel, Rauber and Bethge (2018), Decision-based adversarial attacks.
 */
export async function boundaryAttack(options: BoundaryAttackOptions): Promise<AttackResult> {
  const run = await startPictureRun({ ...options, norm: 'l2' }, options.score)
  const start = await findStart(run, options.start)
  if (start === null) return run.result('no-start')
  await walk(run, await refine(run, start), options)
  return run.result()
}

async function findStart(
  run: AttackRun,
  given: FloatImage | undefined,
): Promise<Float64Array | null> {
  const tries = given ? 1 : STARTS
  for (let tried = 0; tried < tries; tried += 1) {
    const point = given?.data ?? run.origin.map(() => run.random.uniform())
    const answer = await run.askOne(point)
    if (answer === null) return null
    if (answer.turned) return answer.point
  }
  return null
}

async function walk(
  run: AttackRun,
  start: Float64Array,
  { sidestep = 0.1, approach = 0.03 }: BoundaryAttackOptions,
): Promise<void> {
  let point = start
  const sideways = new AdaptiveStep(sidestep)
  const closer = new AdaptiveStep(approach)
  while (closer.size > SMALLEST_APPROACH && !run.satisfied) {
    const aside = run.cut(stepAside(run, point, sideways.size))
    const sideAnswer = await run.askOne(aside)
    if (sideAnswer === null) return
    sideways.adapt(sideAnswer.turned)
    if (!sideAnswer.turned) continue
    const nearer = addScaled(aside, addScaled(run.origin, aside, -1), closer.size)
    const nearerAnswer = await run.askOne(nearer)
    if (nearerAnswer === null) return
    closer.adapt(nearerAnswer.turned)
    point = nearerAnswer.turned ? nearer : aside
  }
  if (run.nearest !== null) await refine(run, run.nearest.point)
}

/** A random step across the line to the picture, back at the same distance from it. */
function stepAside(run: AttackRun, point: Float64Array, size: number): Float64Array {
  const change = addScaled(point, run.origin, -1)
  const distance = perturbationSize(change, 'l2')
  const noise = change.map(() => run.random.normal())
  const along = noise.reduce((sum, value, at) => sum + value * change[at]!, 0) / distance ** 2
  const across = addScaled(noise, change, -along)
  const moved = addScaled(change, across, (size * distance) / perturbationSize(across, 'l2'))
  return addScaled(run.origin, moved, distance / perturbationSize(moved, 'l2'))
}

/** A step size that grows where more than half of the last steps succeeded and shrinks below a fifth. */
class AdaptiveStep {
  size: number
  #tried = 0
  #succeeded = 0

  constructor(size: number) {
    this.size = size
  }

  adapt(succeeded: boolean): void {
    this.#tried += 1
    if (succeeded) this.#succeeded += 1
    if (this.#tried < WINDOW) return
    const share = this.#succeeded / this.#tried
    if (share > 0.5) this.size *= 1.5
    else if (share < 0.2) this.size /= 1.5
    this.#tried = 0
    this.#succeeded = 0
  }
}

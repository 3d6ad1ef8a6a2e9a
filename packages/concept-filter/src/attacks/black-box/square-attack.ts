import { AssayError } from '@assay/core'
import type { QueryAttackOptions } from '../search/attack-options.js'
import type { AttackResult } from '../search/attack-result.js'
import type { AttackRun } from '../search/attack-run.js'
import { addScaled } from '../search/perturbation.js'
import { startPictureRun } from '../search/picture-run.js'
import { refine } from '../search/refine.js'
import { moveSquare, squareGrid } from './square-l2.js'
import { changeColours, stripes } from './square-linf.js'
import type { SquareCanvas } from './square-window.js'

/** How an attack by random squares goes. */
export interface SquareAttackOptions extends QueryAttackOptions {
  /** Largest change, filled by every candidate. */
  readonly radius: number
  /** Share of the pixels in a square at first, in (0, 1]. Default: .05 in L-infinity, .1 in L2 */
  readonly share?: number
}

/** Queries, of a budget of 10,000, at which the squares' share of the pixels is halved. */
const HALVINGS = [10, 50, 200, 1000, 2000, 4000, 6000, 8000]

/**
 * The Square attack: random changes of random squares, at the edge of the allowed change, kept where they
 * lower the score. It needs no gradient, so none can be hidden from it: where it beats a white-box attack,
 * that attack is broken or the gradient is masked.
 *
 * @throws AssayError `INVALID_ARGUMENT` (no finite radius, share), `IMAGE_CORRUPT`, `NOT_FINITE`, `ABORTED`
 *
 * Source: Andriushchenko, Croce, Flammarion and Hein (2020), Square Attack, algorithms 1 to 3.
 */
export async function squareAttack(options: SquareAttackOptions): Promise<AttackResult> {
  const { norm = 'l2', radius, picture, budget = 5000 } = options
  const { share = norm === 'linf' ? 0.05 : 0.1 } = options
  assertSettings(radius, share)
  const run = await startPictureRun(options, options.score)
  const { width, height } = picture
  const canvas: SquareCanvas = { width, height, radius, random: run.random }
  const start = norm === 'linf' ? stripes(canvas) : squareGrid(canvas)
  let best = await run.askOne(run.within(addScaled(run.origin, start)))
  while (best !== null && run.nearest === null) {
    const side = squareSide(canvas, share * halvedShare(budget - run.remaining, budget))
    best = (await tryChange(run, best, { canvas, side })) ?? null
  }
  if (run.nearest !== null) await refine(run, run.nearest.point)
  return run.result()
}

type Best = NonNullable<Awaited<ReturnType<AttackRun['askOne']>>>

async function tryChange(
  run: AttackRun,
  best: Best,
  { canvas, side }: { readonly canvas: SquareCanvas; readonly side: number },
): Promise<Best | null> {
  const change = addScaled(best.point, run.origin, -1)
  const next =
    run.norm === 'linf' ? changeColours(change, canvas, side) : moveSquare(change, canvas, side)
  const answer = await run.askOne(run.within(addScaled(run.origin, next)))
  return answer !== null && answer.loss >= best.loss ? best : answer
}

const halvedShare = (queries: number, budget: number) =>
  0.5 ** HALVINGS.filter((at) => (queries / budget) * 10_000 > at).length

const squareSide = ({ width, height }: SquareCanvas, share: number) =>
  Math.min(width, height, Math.max(1, Math.round(Math.sqrt(share * width * height))))

function assertSettings(radius: number, share: number): void {
  const isRadius = radius > 0 && Number.isFinite(radius)
  if (isRadius && share > 0 && share <= 1) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The Square attack cannot be made with a radius of ${radius} and a share of ${share}.`,
    value: isRadius ? share : radius,
    remedy: 'Give a finite radius above 0, which every candidate fills, and a share in (0, 1].',
  })
}

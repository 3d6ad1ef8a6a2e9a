import type { AttackRun } from './attack-run.js'
import { addScaled } from './perturbation.js'

/**
 * Comes nearer along the line from the picture to a point that turned, by halving; the run keeps the
 * nearest. Returns the nearest point of the line that turned.
 */
export async function refine(run: AttackRun, turned: Float64Array): Promise<Float64Array> {
  const change = addScaled(turned, run.origin, -1)
  let [inside, outside, best] = [0, 1, turned]
  for (let halving = 0; halving < run.refinements; halving += 1) {
    const middle = (inside + outside) / 2
    const answer = await run.askOne(addScaled(run.origin, change, middle))
    if (answer === null) break
    if (answer.turned) [outside, best] = [middle, answer.point]
    else inside = middle
  }
  return best
}

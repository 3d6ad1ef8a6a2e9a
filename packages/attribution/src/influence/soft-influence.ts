import { AssayError } from '@assay/core'
import { assertCalibration, type Calibration } from '../calibration/calibration.js'
import { influenceWeight } from './influence-weight.js'

/**
 * The influence of each item on one output, from the scores of all items of a pool: numbers from 0 to 1
 * that sum to 1. With a bias below 0, items far below the best have exactly 0, and leaving them out
 * changes nothing.
 *
 * @param scores one finite score an item, in any order; at least one
 * @param ids names of the items, for errors. Default: their places
 * @throws AssayError `EMPTY_INPUT`, `NOT_FINITE` with place and id of the item, `INVALID_ARGUMENT`
 *   (b <= -1, t <= 0)
 *
 * Source: Wang et al. (2023), Evaluating data attribution for text-to-image models (soft influence).
 */
export function softInfluence(
  scores: ArrayLike<number>,
  calibration: Pick<Calibration, 'inverseTemperature' | 'bias'>,
  ids?: readonly string[],
): Float64Array {
  assertCalibration(calibration)
  const best = bestOf(scores, ids)
  const weights = Float64Array.from(scores, (score) => influenceWeight(score, best, calibration))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

function bestOf(scores: ArrayLike<number>, ids: readonly string[] | undefined): number {
  if (scores.length === 0) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'Nothing can have influence: there are no scores.',
      value: 0,
      remedy: 'Give the scores of at least one item.',
    })
  }
  let best = Number.NEGATIVE_INFINITY
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row]!
    if (!Number.isFinite(score)) throw notFinite(score, { row, id: ids?.[row] ?? String(row) })
    if (score > best) best = score
  }
  return best
}

const notFinite = (score: number, location: { row: number; id: string }) =>
  new AssayError({
    code: 'NOT_FINITE',
    message: `The score of ${JSON.stringify(location.id)} is ${score}.`,
    value: score,
    remedy: 'Leave this item out and count it as missing, or embed it again.',
    location,
  })

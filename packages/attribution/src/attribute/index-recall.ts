import { AssayError, type Measure, type VectorIndex } from '@assay/core'
import { isIndex, type Pool } from './pool.js'

/** An index that says how much of the truth it was measured to find. */
interface MeasuredIndex extends VectorIndex {
  readonly recall: Measure
}

const isMeasured = (pool: object): pool is MeasuredIndex => 'recall' in pool

/** The measured recall of an approximate index; null for anything exact, or without a measurement. */
export function recallOf(pool: Pool): Measure | null {
  return isIndex(pool) && !pool.exact && isMeasured(pool) ? pool.recall : null
}

/**
 * Throws unless the index was measured to reach a recall; with an interval, its lower bound must.
 *
 * @throws AssayError `INVALID_ARGUMENT`
 */
export function assertRecall(pool: VectorIndex, minimum: number | undefined): void {
  if (minimum === undefined || pool.exact) return
  const recall = recallOf(pool)
  const shown = recall?.interval?.low ?? recall?.value ?? null
  if (shown !== null && shown >= minimum) return
  const found =
    shown === null
      ? 'has no measured recall'
      : `was measured to reach a ${recall?.id} of ${recall?.value}, at least ${shown}`
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The index ${pool.id} ${found}; ${minimum} is wanted.`,
    value: shown,
    remedy: 'Give an exact index, or make this one with a higher accuracy and measure it again.',
  })
}

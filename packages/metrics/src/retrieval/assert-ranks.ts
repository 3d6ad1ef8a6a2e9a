import { AssayError } from '@assay/core'

/** Ranks of the relevant items of one query, from 1, in increasing order, as `relevantRanks` gives. */
export type Ranks = readonly number[]

/** Throws where there is nothing to average over. */
export function assertRanks(ranks: readonly unknown[]): void {
  if (ranks.length > 0) return
  throw new AssayError({
    code: 'EMPTY_INPUT',
    message: 'There is nothing to average over.',
    value: 0,
    remedy: 'Leave out queries without relevant items, or report the measure as missing.',
  })
}

import { AssayError } from '@assay/core'

/** The scores of one query whose true exemplars are known. */
export interface CalibrationScores {
  /** Scores of the items that the query was made from; at least one. */
  readonly exemplars: ArrayLike<number>
  /** Scores of the items that it is compared with, for instance the 300 best of the pool. */
  readonly others: ArrayLike<number>
}

/** The best score of a query. */
export function bestScore({ exemplars, others }: CalibrationScores): number {
  let best = Number.NEGATIVE_INFINITY
  for (let at = 0; at < exemplars.length; at++) best = Math.max(best, exemplars[at]!)
  for (let at = 0; at < others.length; at++) best = Math.max(best, others[at]!)
  return best
}

/**
 * Throws unless a calibration can be fitted or judged on these queries.
 *
 * @throws AssayError `EMPTY_INPUT` (no query, one without exemplars, or none with others: any calibration
 *   would fit), `NOT_FINITE`, with the query
 */
export function assertCalibrationScores(queries: readonly CalibrationScores[]): void {
  if (queries.length === 0) throw empty('There are no queries.')
  for (const [row, { exemplars, others }] of queries.entries()) {
    if (exemplars.length === 0) throw empty(`Query ${row} has no exemplar.`, row)
    assertFinite(exemplars, row)
    assertFinite(others, row)
  }
  if (queries.some(({ others }) => others.length > 0)) return
  throw new AssayError({
    code: 'EMPTY_INPUT',
    message: 'No query has other items that its exemplars are compared with.',
    value: 0,
    remedy: 'Give a pool of pictures that are not exemplars themselves.',
  })
}

const empty = (message: string, row?: number) =>
  new AssayError({
    code: 'EMPTY_INPUT',
    message,
    value: 0,
    remedy: 'Give queries that each have the score of at least one true exemplar.',
    ...(row !== undefined && { location: { row } }),
  })

function assertFinite(scores: ArrayLike<number>, row: number): void {
  for (let at = 0; at < scores.length; at++) {
    if (Number.isFinite(scores[at])) continue
    throw new AssayError({
      code: 'NOT_FINITE',
      message: `Query ${row} has a score of ${scores[at]}.`,
      value: scores[at],
      remedy: 'Leave this query out and count it as missing.',
      location: { row },
    })
  }
}

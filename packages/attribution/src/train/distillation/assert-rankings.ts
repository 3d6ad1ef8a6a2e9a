import { AssayError } from '@assay/core'
import type { TaughtQueries } from './distill-ranker-options.js'

const refused = (code: 'INVALID_ARGUMENT' | 'SHAPE_MISMATCH' | 'EMPTY_INPUT', message: string) =>
  new AssayError({
    code,
    message,
    value: message,
    remedy:
      'Give each query a ranking of equally many numbers of training pictures, none of them twice.',
  })

/**
 * Throws unless rankings fit their queries and the training pictures.
 *
 * @throws AssayError `EMPTY_INPUT`, `SHAPE_MISMATCH`, `INVALID_ARGUMENT`
 */
export function assertRankings({ queries, rankings }: TaughtQueries, items: number): void {
  if (rankings.length !== queries.rows) {
    throw refused(
      'SHAPE_MISMATCH',
      `There are ${rankings.length} rankings for ${queries.rows} queries.`,
    )
  }
  const places = rankings[0]?.length ?? 0
  if (places === 0) throw refused('EMPTY_INPUT', 'There is no ranked training picture.')
  const seen = new Int32Array(items).fill(-1)
  rankings.forEach((ranking, query) => {
    if (ranking.length !== places) {
      const message = `Query 0 has ${places} ranked pictures and query ${query} has ${ranking.length}.`
      throw refused('SHAPE_MISMATCH', message)
    }
    for (let place = 0; place < places; place++) {
      const item = ranking[place]!
      const isItem = Number.isInteger(item) && item >= 0 && item < items && seen[item] !== query
      if (!isItem) {
        throw refused(
          'INVALID_ARGUMENT',
          `Place ${place} of the ranking of query ${query} is ${item}.`,
        )
      }
      seen[item] = query
    }
  })
}

import { setImmediate } from 'node:timers/promises'
import type { RowCollection } from './best-rows.js'
import type { CandidateRanges } from './cells/candidate-ranges.js'
import type { SearchMetric, VectorPair } from './metrics/search-metric.js'

/** A list of candidates, and what gathers results among them. */
export interface CandidateSearch {
  readonly ranges: CandidateRanges
  /** The number of the row at each place. */
  readonly numbers: Uint32Array
  readonly found: RowCollection
  readonly signal: AbortSignal
}

/** Candidates after which the thread looks whether it is told to stop. */
const candidatesPerTurn = 2 ** 16

/** Looks exactly at the candidates of one query; `pair` tells where the query and all rows are. */
export async function searchCandidates(
  metric: SearchMetric,
  pair: VectorPair,
  { ranges, numbers, found, signal }: CandidateSearch,
): Promise<void> {
  const { bounds } = ranges
  const { columns } = pair
  let turn = candidatesPerTurn
  for (let at = 0; at < bounds.length; at += 2) {
    const to = bounds[at + 1]!
    for (let place = bounds[at]!; place < to; place++) {
      pair.vector = place * columns
      const merit = metric.merit(pair, found.least)
      if (merit >= found.least) found.offer(merit, numbers[place]!)
    }
    turn -= to - bounds[at]!
    if (turn > 0) continue
    turn = candidatesPerTurn
    await setImmediate()
    signal.throwIfAborted()
  }
}

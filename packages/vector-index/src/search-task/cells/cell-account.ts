import { trainingComparisons } from './train-centroids.js'

/** What bringing all rows from memory costs a scan, in queries that it compares them with. */
const queriesOfPass = 16

/**
 * Decides when cells are made: once scans have been as much work as making them is, in comparisons of a row.
 * Who searches a few times never waits for cells; who goes on has paid at most twice what the better choice
 * would have cost. Work is counted, not timed: a busy machine changes nothing.
 *
 * Source: the ski-rental rule; Karlin, Manasse, Rudolph and Sleator, Competitive snoopy caching,
 * Algorithmica 3 (1988).
 */
export class CellAccount {
  readonly #rows: number
  readonly #price: number
  #paid = 0

  constructor({ rows, cells }: { readonly rows: number; readonly cells: number }) {
    this.#rows = rows
    this.#price = rows * cells + trainingComparisons({ rows, cells })
  }

  /** All rows were scanned, for some queries. */
  pay(queries: number): void {
    this.#paid += this.#rows * (queriesOfPass + queries)
  }

  get isSettled(): boolean {
    return this.#paid >= this.#price
  }
}

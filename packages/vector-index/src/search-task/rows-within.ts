import { type RankedRows, type RowCollection, type RowOrder, rankRows } from './best-rows.js'

/** All rows of at least a certain merit. */
export class RowsWithin implements RowCollection {
  readonly #leastMerit: number
  readonly #order: RowOrder
  readonly #rows: number[] = []
  readonly #merits: number[] = []

  constructor(leastMerit: number, order: RowOrder) {
    this.#leastMerit = leastMerit
    this.#order = order
  }

  offer(merit: number, row: number): void {
    if (merit < this.#leastMerit) return
    this.#rows.push(row)
    this.#merits.push(merit)
  }

  ranked(): RankedRows {
    return rankRows(this.#rows, this.#merits, this.#order)
  }
}

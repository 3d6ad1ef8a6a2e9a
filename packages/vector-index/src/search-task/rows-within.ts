import { type RankedRows, type RowCollection, type RowOrder, rankRows } from './best-rows.js'

/** All rows of at least a certain merit. */
export class RowsWithin implements RowCollection {
  readonly least: number
  readonly #order: RowOrder
  readonly #rows: number[] = []
  readonly #merits: number[] = []

  constructor(least: number, order: RowOrder) {
    this.least = least
    this.#order = order
  }

  get size(): number {
    return this.#rows.length
  }

  offer(merit: number, row: number): void {
    if (merit < this.least) return
    this.#rows.push(row)
    this.#merits.push(merit)
  }

  ranked(): RankedRows {
    return rankRows(this.#rows, this.#merits, this.#order)
  }
}

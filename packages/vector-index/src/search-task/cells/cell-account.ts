import type { RoadCosts } from './road-costs.js'

/** Sample, sorting and moving of rows, as a multiple of what finding their cells costs. */
const besides = 2

/**
 * Decides when cells are made: once scans have taken as long as making them will. Who searches a few times
 * never waits for cells; who goes on has paid at most twice what the better choice would have cost.
 *
 * Source: the ski-rental rule; Karlin, Manasse, Rudolph and Sleator, Competitive snoopy caching,
 * Algorithmica 3 (1988).
 */
export class CellAccount {
  readonly #price: number
  #paid = 0

  /** @param cells how many; finding the nearest of them costs each row what so many queries cost */
  constructor({ scanQuery }: RoadCosts, cells: number) {
    this.#price = besides * cells * scanQuery
  }

  /** A scan took some milliseconds. */
  pay(milliseconds: number): void {
    this.#paid += milliseconds
  }

  get isSettled(): boolean {
    return this.#paid >= this.#price
  }
}

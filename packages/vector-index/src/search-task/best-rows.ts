/** Rows with their merits, best first. */
export interface RankedRows {
  readonly rows: Uint32Array
  readonly merits: Float64Array
}

/** Something that rows are found for. */
export interface RowCollection {
  /** A merit below which nothing is taken in any more. */
  readonly least: number
  /** Takes a row in, if it belongs. */
  offer(merit: number, row: number): void
  /** What was taken in, best first; equal merits by their place in the order. */
  ranked(): RankedRows
}

/** Place of each row among equals; null where the row number is the place. */
export type RowOrder = Uint32Array | null

/** Whether row `a` comes before row `b` among rows of equal merit. */
function comesBefore(order: RowOrder, a: number, b: number): boolean {
  return order ? order[a]! < order[b]! : a < b
}

/** Sorts rows as results are sorted. */
export function rankRows(
  rows: readonly number[],
  merits: readonly number[],
  order: RowOrder,
): RankedRows {
  const places = Uint32Array.from(rows.keys()).sort((a, b) => {
    const difference = merits[b]! - merits[a]!
    if (difference !== 0) return difference
    return comesBefore(order, rows[a]!, rows[b]!) ? -1 : 1
  })
  return {
    rows: places.map((place) => rows[place]!),
    merits: Float64Array.from(places, (place) => merits[place]!),
  }
}

/** The best rows up to a number: a binary heap with the worst on top. */
export class BestRows implements RowCollection {
  readonly #capacity: number
  readonly #order: RowOrder
  readonly #rows: number[] = []
  readonly #merits: number[] = []

  constructor(capacity: number, order: RowOrder) {
    this.#capacity = capacity
    this.#order = order
  }

  /** The least merit that is held, or minus infinity as long as there is room. */
  get least(): number {
    return this.#rows.length < this.#capacity ? Number.NEGATIVE_INFINITY : this.#merits[0]!
  }

  offer(merit: number, row: number): void {
    if (this.#rows.length < this.#capacity) {
      this.#rows.push(row)
      this.#merits.push(merit)
      this.#rise()
    } else if (this.#isWorse(this.#merits[0]!, this.#rows[0]!, merit, row)) {
      this.#merits[0] = merit
      this.#rows[0] = row
      this.#sink()
    }
  }

  ranked(): RankedRows {
    return rankRows(this.#rows, this.#merits, this.#order)
  }

  #isWorse(merit: number, row: number, otherMerit: number, otherRow: number): boolean {
    if (merit !== otherMerit) return merit < otherMerit
    return comesBefore(this.#order, otherRow, row)
  }

  /** Whether what stands at place `a` is worse than what stands at `b`. */
  #placedWorse(a: number, b: number): boolean {
    return this.#isWorse(this.#merits[a]!, this.#rows[a]!, this.#merits[b]!, this.#rows[b]!)
  }

  #rise(): void {
    let child = this.#rows.length - 1
    while (child > 0) {
      const parent = (child - 1) >> 1
      if (!this.#placedWorse(child, parent)) return
      this.#swap(parent, child)
      child = parent
    }
  }

  #sink(): void {
    let parent = 0
    for (;;) {
      let child = 2 * parent + 1
      if (child + 1 < this.#rows.length && this.#placedWorse(child + 1, child)) child += 1
      if (child >= this.#rows.length || !this.#placedWorse(child, parent)) return
      this.#swap(parent, child)
      parent = child
    }
  }

  #swap(a: number, b: number): void {
    const [row, merit] = [this.#rows[a]!, this.#merits[a]!]
    this.#rows[a] = this.#rows[b]!
    this.#merits[a] = this.#merits[b]!
    this.#rows[b] = row
    this.#merits[b] = merit
  }
}

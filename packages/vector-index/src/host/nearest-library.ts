/** A library that names candidates for the nearest rows. */
export interface NearestLibrary {
  /** Learns from a sample of rows how to hold the others. */
  train(rows: Float32Array): void
  /** Takes rows in, whose numbers begin with `first`. */
  add(first: number, rows: Float32Array): void
  /**
   * Rows that may be the nearest of each query, nearest first; fewer than `count` where the library can
   * name no more. `count` is at most the number of rows.
   */
  search(queries: Float32Array, count: number): Uint32Array[]
  /** Writes the library's own file. */
  save(path: string): void
  /** Reads it, or maps it into memory. */
  restore(path: string, map: boolean): void
}

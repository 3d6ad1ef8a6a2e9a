import type { ApproximateIndex } from './approximate-index.js'

/** An approximate index over usearch, which can be kept in a file. */
export interface UsearchIndex extends ApproximateIndex {
  /**
   * Writes the graph to a file, and beside it (`.json`) what it was made from and its recall. The vectors
   * are not in it: they are needed again to open it.
   *
   * @throws AssayError `FILE_WRITE_FAILED`, `ENGINE_FAILED`, `ENGINE_CLOSED`
   */
  save(path: string): Promise<void>
}

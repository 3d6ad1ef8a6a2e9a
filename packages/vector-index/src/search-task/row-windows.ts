/** Some consecutive rows of the searched matrix, in memory for the moment. */
export interface RowWindow {
  /** Number of the first row; a multiple of the group size. */
  readonly start: number
  readonly rows: number
  /** The rows' values, row-major. */
  readonly data: Float32Array
}

/** The searched matrix, as windows that follow each other without a gap. */
export interface RowWindows {
  /** One pass over all rows. A window is valid until the next is asked for. */
  windows(): AsyncIterable<RowWindow>
  close(): Promise<void>
}

/** A matrix in memory: one window. */
export function memoryWindows(data: Float32Array, columns: number): RowWindows {
  const rows = data.length / columns
  return {
    async *windows() {
      yield { start: 0, rows, data }
    },
    close: async () => {},
  }
}

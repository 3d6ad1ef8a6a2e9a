import type { MatrixFile } from '@assay/store'
import { assertRunning } from '../references/assert-running.js'
import type { ReadReferences } from '../references/references-in-index.js'

/** Reads that are under way at a time: what a disk takes at once, and threads of Node's pool. */
const READS_AT_ONCE = 8
/** Rows that are read together, so that several reads share a long stretch. */
const MOST_TOGETHER = 128
/** Rows between two wanted ones that are read along: less than another read costs. */
const READ_ALONG = 1

/** Rows of a file that are read together: a first one, and one past the last. */
interface Run {
  readonly start: number
  readonly end: number
  /** Place of the first wanted row among those asked for. */
  readonly first: number
}

/**
 * Reads rows of a matrix file where they stand, neighbours together, several reads at a time.
 *
 * @throws AssayError `ABORTED`, and what the file's `read` throws
 */
export function readMatrixRows(file: MatrixFile): ReadReferences {
  return async (rows, { signal }) => {
    const vectors: Float32Array[] = []
    const runs = runsOf(rows)
    const work = async () => {
      for (let run = runs.next(); !run.done; run = runs.next()) {
        assertRunning(signal)
        const { start, end, first } = run.value
        const { data, columns } = await file.read({ start, count: end - start })
        for (let at = first; (rows[at] ?? end) < end; at += 1) {
          const from = ((rows[at] ?? start) - start) * columns
          vectors[at] = end - start === 1 ? data : data.slice(from, from + columns)
        }
      }
    }
    await Promise.all(Array.from({ length: READS_AT_ONCE }, work))
    return vectors
  }
}

function* runsOf(rows: readonly number[]): Generator<Run, void> {
  let first = 0
  for (const [at, row] of rows.entries()) {
    const start = rows[first] ?? row
    const next = rows[at + 1]
    const goesOn =
      next !== undefined && next - row <= READ_ALONG + 1 && next - start < MOST_TOGETHER
    if (goesOn) continue
    yield { start, end: row + 1, first }
    first = at + 1
  }
}

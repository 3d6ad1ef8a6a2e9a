import { stat } from 'node:fs/promises'
import { AssayError } from '@assay/core'
import { type IndexDescription, readDescription } from './index-description.js'
import { type LibraryIndexOptions, loadVectors } from './load-vectors.js'
import type { UsearchIndex } from './usearch-index.js'
import { UsearchLibraryIndex } from './usearch-library-index.js'

/** What a saved usearch index is opened with. */
export interface OpenUsearchOptions extends Omit<LibraryIndexOptions, 'progress'> {
  /** The file that `save` wrote. */
  readonly path: string
  /** Whether the graph stays on disk and is mapped into memory as it is needed. Default false. */
  readonly map?: boolean
}

/**
 * Opens a usearch index that was saved, over the vectors that it was made from. Its recall is the one
 * measured when it was made, unless it is measured anew.
 *
 * @throws AssayError `FILE_MISSING`, `FILE_READ_FAILED` for a file that is not as it was saved;
 *   `FINGERPRINT_MISMATCH`, `SHAPE_MISMATCH`, `INVALID_ARGUMENT` (metric) for other vectors than it was
 *   made from; and what `createUsearchIndex` throws
 */
export async function openUsearchIndex(options: OpenUsearchOptions): Promise<UsearchIndex> {
  const { path, vectors, metric, map = false, signal } = options
  const made = await readDescription(path)
  await assertWhole(path, made)
  assertMadeFrom(made, options)
  const { settings } = made
  const { library, recall } = await loadVectors(options, settings, async (started) => {
    const digest = await started.ask('digest', null, signal)
    if (digest !== made.vectors) throw mismatch('FINGERPRINT_MISMATCH', path, 'other vectors')
    await started.ask('restore', { path, map }, signal)
    return made.recall
  })
  return new UsearchLibraryIndex({ vectors, metric, settings, library, recall })
}

/** The library itself would read past the end of a file that was cut. */
async function assertWhole(path: string, { bytes }: IndexDescription): Promise<void> {
  const size = await stat(path).then(
    (status) => status.size,
    () => null,
  )
  if (size === bytes) return
  throw new AssayError({
    code: size === null ? 'FILE_MISSING' : 'FILE_READ_FAILED',
    message:
      size === null
        ? `There is no index at ${path}.`
        : `${path} has ${size} bytes, and was saved with ${bytes}.`,
    value: path,
    remedy: 'Make the index again and save it.',
    location: { file: path },
  })
}

function assertMadeFrom(
  made: IndexDescription,
  { path, vectors, metric }: OpenUsearchOptions,
): void {
  if (made.metric !== metric) {
    throw mismatch('INVALID_ARGUMENT', path, `the metric ${made.metric}, not ${metric}`)
  }
  if (made.fingerprint !== vectors.fingerprint) {
    throw mismatch('FINGERPRINT_MISMATCH', path, `vectors of the space ${made.fingerprint}`)
  }
  if (made.rows === vectors.rows && made.columns === vectors.columns) return
  throw mismatch('SHAPE_MISMATCH', path, `${made.rows} vectors of ${made.columns} columns`)
}

const mismatch = (
  code: 'INVALID_ARGUMENT' | 'FINGERPRINT_MISMATCH' | 'SHAPE_MISMATCH',
  path: string,
  from: string,
) =>
  new AssayError({
    code,
    message: `The index at ${path} was made with ${from}.`,
    value: path,
    remedy: 'Open it with the vectors and the metric that it was made with, or make a new one.',
    location: { file: path },
  })

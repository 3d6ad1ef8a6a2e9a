import { AssayError, type Matrix } from '@assay/core'
import { type MatrixFile, type MatrixFileOptions, openMatrixFile } from '@assay/store'
import { looksNormalized } from '../../features/inspect-block.js'

/** Rows in a file or in several, without what is known of them besides their features. */
export interface StoredRows extends Omit<Matrix, 'data'> {
  /** Texts that the writer left in the file. */
  readonly metadata: ReadonlyMap<string, string>
  /** Some rows as they are stored, not yet inspected. */
  read(start: number, count: number): Promise<Matrix>
  close(): Promise<void>
}

/** Rows looked at where nobody says whether they are normalised. */
const SAMPLE = 256

/**
 * The rows of one matrix file. Where neither the file nor the caller says that they are normalised, the
 * first rows tell: encoders whose every vector has unit length are often called raw, and a head that was
 * trained on one kind is useless on the other.
 *
 * @throws AssayError `NORMALIZATION_MISMATCH` where the caller contradicts the file, and what
 *   `openMatrixFile` throws
 */
export async function openStoredRows(
  path: string,
  options: MatrixFileOptions,
): Promise<StoredRows> {
  const file = await openMatrixFile(path, options)
  try {
    const normalized = await normalizedOf(file, options.normalized)
    const { rows, columns, ids, fingerprint, metadata } = file
    return {
      rows,
      columns,
      ids,
      normalized,
      fingerprint,
      metadata,
      read: async (start, count) => ({ ...(await file.read({ start, count })), normalized }),
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

/** A claim that rows have unit length is held to every row as it is read; any other is measured here. */
async function normalizedOf(file: MatrixFile, said: boolean | undefined): Promise<boolean> {
  const claim = file.metadata.has('normalized') ? file.normalized : undefined
  if (said !== undefined && claim !== undefined && said !== claim) {
    throw new AssayError({
      code: 'NORMALIZATION_MISMATCH',
      message: `${file.path} says that its features are ${claim ? 'normalised' : 'raw'}.`,
      value: said,
      remedy: 'Leave out `normalized`: the file knows.',
      location: { file: file.path },
    })
  }
  if (said !== undefined || claim === true) return said ?? true
  return looksNormalized(await file.read({ count: Math.min(SAMPLE, file.rows) }))
}

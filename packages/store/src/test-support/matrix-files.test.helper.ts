import { writeFileSync } from 'node:fs'
import type { Matrix } from '@assay/core'
import { type MatrixFileOptions, openMatrixFile } from '../matrix/open-matrix-file.js'
import { temporaryFolder } from './temporary-folder.test.helper.js'

export const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64')

/** All rows of a matrix file. */
export async function readAll(file: string, options?: MatrixFileOptions): Promise<Matrix> {
  const matrix = await openMatrixFile(file, options)
  try {
    return await matrix.read()
  } finally {
    await matrix.close()
  }
}

/** The rows of a matrix as arrays. */
export const rowsOf = ({ data, rows, columns }: Matrix): number[][] =>
  Array.from({ length: rows }, (_, row) => [...data.subarray(row * columns, (row + 1) * columns)])

/** A folder of its own for every test, and matrix files in it. */
export function matrixFiles() {
  const path = temporaryFolder()
  const written = (content: Uint8Array, name = 'a.npy'): string => {
    writeFileSync(path(name), content)
    return path(name)
  }
  /** What reading a file of these bytes ends with: a matrix or an error. */
  const outcomeOf = (content: Uint8Array, options?: MatrixFileOptions): Promise<unknown> =>
    readAll(written(content), options).catch((error: unknown) => error)
  return { path, written, outcomeOf }
}

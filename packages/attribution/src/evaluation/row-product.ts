import type { Matrix } from '@assay/core'

/**
 * The inner product of each row of `queries` with each row of `others`, row-major, for instance by an
 * engine. Of unit rows each must be within columns / 2^23 of the true one, which float32 sums keep and
 * shorter floats do not; ranks then do not depend on who computes it.
 */
export type RowProduct = (queries: Matrix, others: Matrix) => Promise<Float32Array>

/** How far an inner product of unit rows that was summed in float32 may be from the true one. */
export const productTolerance = (columns: number): number => columns / 2 ** 23

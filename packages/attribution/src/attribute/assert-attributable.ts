import { AssayError, assertComparable, type Matrix, type VectorIndex } from '@assay/core'
import { assertCalibration } from '../calibration/calibration.js'
import { assertMappedBy } from '../head/mapped-fingerprint.js'
import type { AttributeOptions } from './attribute-options.js'
import { assertRecall } from './index-recall.js'
import { isIndex, sizeOf } from './pool.js'

/**
 * Throws unless the options can be meant.
 *
 * @throws AssayError `INVALID_ARGUMENT`, `EMPTY_INPUT`, `SHAPE_MISMATCH`
 */
export function assertAttributable(options: AttributeOptions): void {
  const { pool, mirrored, calibration, k = 10, labels, minimumRecall } = options
  const poolSize = sizeOf(pool)
  if (!Number.isSafeInteger(k) || k < 1) {
    throw invalid(`k must be a whole number of at least 1, got ${k}.`, k, 'Ask for one match.')
  }
  if (poolSize === 0) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'Nothing can be attributed to an empty pool.',
      value: 0,
      remedy: 'Give the features of at least one training picture.',
    })
  }
  if (calibration) assertCalibration(calibration)
  if (labels && labels.length !== poolSize) {
    throw mismatch(`There are ${labels.length} labels for a pool of ${poolSize}.`, labels.length)
  }
  if (mirrored && !isIndex(pool)) {
    const remedy = 'Give the mirrored features to the feature source.'
    throw invalid('The pool is no index and its mirrored pictures are.', mirrored.id, remedy)
  }
  if (mirrored && mirrored.size !== poolSize) {
    const message = `The mirrored index holds ${mirrored.size} pictures, the pool ${poolSize}.`
    throw mismatch(message, mirrored.size)
  }
  for (const view of [pool, ...(mirrored ? [mirrored] : [])]) {
    if (!isIndex(view)) continue
    assertMetric(view)
    assertRecall(view, minimumRecall)
  }
}

function assertMetric({ metric, id }: VectorIndex): void {
  if (metric !== 'euclidean') return
  throw invalid(
    `The index ${id} searches by Euclidean distance, and influence is a function of cosines.`,
    metric,
    "Make it with the metric 'inner-product' or 'cosine'.",
  )
}

/**
 * Throws unless mapped queries, pool, head and calibration belong together.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`
 */
export function assertOneSpace(
  mapped: Matrix,
  { pool, mirrored, head = null, calibration = null }: AttributeOptions,
): void {
  for (const view of [pool, ...(mirrored ? [mirrored] : [])]) {
    const { fingerprint } = view
    const space = { columns: isIndex(view) ? view.dimensions : view.columns, fingerprint }
    if (!head) assertComparable(mapped, space)
    // Features are held to the head where they are mapped.
    else if (isIndex(view)) assertMappedBy({ head, side: 'real', features: space })
  }
  if (!calibration) return
  const { columns } = mapped
  assertComparable(mapped, { columns, fingerprint: calibration.fingerprint })
}

const invalid = (message: string, value: unknown, remedy: string) =>
  new AssayError({ code: 'INVALID_ARGUMENT', message, value, remedy })

const mismatch = (message: string, value: number) =>
  new AssayError({
    code: 'SHAPE_MISMATCH',
    message,
    value,
    remedy: 'Give one for each row of the pool, in the order of its rows.',
  })

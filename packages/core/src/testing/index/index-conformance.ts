import type { VectorIndex, VectorMetric } from '../../contracts/vector-index.js'
import type { Matrix } from '../../matrix/matrix.js'
import { selectRows } from '../../matrix/select-rows.js'
import type { ConformanceCheck } from '../conformance-check.js'
import { runConformance } from '../run-conformance.js'
import {
  checkAbort,
  checkClosed,
  checkFinite,
  checkLimits,
  checkSpaces,
} from './index-error-checks.js'
import {
  checkDescription,
  checkEmpty,
  checkLargeK,
  checkNearest,
  checkRadii,
  checkRepeats,
  checkTies,
  checkUnnamed,
  checkWithin,
} from './index-search-checks.js'
import type { IndexSubject } from './index-subject.js'
import { fewVectors, normalVectors, tiedVectors, unnamedVectors } from './index-vectors.js'

/** An index, and how strictly it is checked. */
export interface IndexConformanceOptions {
  /** Makes an index over these vectors. */
  createIndex(vectors: Matrix, metric: VectorMetric): VectorIndex | Promise<VectorIndex>
  /** Metrics that the index supports. Default: all three */
  readonly metrics?: readonly VectorMetric[]
  /**
   * How far a score may lie from its float64 value, relative to the larger of it and 1. Default: 1e-5,
   * float32
   */
  readonly tolerance?: number
  /**
   * Share of the true neighbours, over all queries of a check, that an index that is not `exact` must
   * find. Default: 0.9
   */
  readonly minimumRecall?: number
}

/**
 * What every vector index must hold to, for each metric: the results of a float64 brute-force search,
 * order, ties, ids, limits of k and radius, and the errors of its contract. An index that is not
 * `exact` must find `minimumRecall` of the true neighbours, with their true scores.
 */
export function indexConformance(options: IndexConformanceOptions): readonly ConformanceCheck[] {
  const { metrics = ['inner-product', 'cosine', 'euclidean'] } = options
  return metrics.flatMap((metric) => metricChecks(options, metric))
}

/**
 * Runs {@link indexConformance}.
 *
 * @throws AssayError `CONFORMANCE_FAILED`
 */
export const checkIndex = (options: IndexConformanceOptions): Promise<void> =>
  runConformance('The vector index', indexConformance(options))

function metricChecks(
  { createIndex, tolerance = 1e-5, minimumRecall = 0.9 }: IndexConformanceOptions,
  metric: VectorMetric,
): readonly ConformanceCheck[] {
  const check = (
    demand: string,
    vectors: Matrix,
    body: (subject: IndexSubject) => Promise<void> | void,
  ): ConformanceCheck => ({
    name: `${metric}: ${demand}`,
    async run() {
      const index = await createIndex(vectors, metric)
      try {
        await body({ index, vectors, metric, tolerance, minimumRecall })
      } finally {
        await index.close()
      }
    },
  })
  return [
    check('says what it holds', normalVectors(), checkDescription),
    check('finds the k nearest vectors', normalVectors(), checkNearest),
    check('finds all vectors within a radius', normalVectors(), checkWithin),
    check('takes a radius a query', normalVectors(), checkRadii),
    check('orders ties by id, and takes the boundary in', tiedVectors(), checkTies),
    check(
      'gives row numbers as ids, in their order, where there are none',
      unnamedVectors(),
      checkUnnamed,
    ),
    check('gives all vectors where k exceeds their number', fewVectors(), checkLargeK),
    check('answers no query, and gives equal answers side by side', normalVectors(), checkRepeats),
    check('finds nothing among no vectors', selectRows(normalVectors(), []), checkEmpty),
    check('refuses a k and a radius that cannot be', fewVectors(), checkLimits),
    check('refuses queries of another space', fewVectors(), checkSpaces),
    check('refuses queries that are not finite', fewVectors(), checkFinite),
    check('stops when the signal is aborted', fewVectors(), checkAbort),
    check('refuses to search once closed', fewVectors(), checkClosed),
  ]
}

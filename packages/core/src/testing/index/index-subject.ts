import type { VectorIndex, VectorMetric } from '../../contracts/vector-index.js'
import type { Matrix } from '../../matrix/matrix.js'

/** An index under check, with the vectors in it. */
export interface IndexSubject {
  readonly index: VectorIndex
  readonly vectors: Matrix
  readonly metric: VectorMetric
  readonly tolerance: number
  readonly minimumRecall: number
}

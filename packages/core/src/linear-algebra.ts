// Vectors and rows.

export { cosineSimilarity } from './linear-algebra/cosine-similarity.js'
export { dot } from './linear-algebra/dot.js'
export { euclideanDistance } from './linear-algebra/euclidean-distance.js'
export { innerProducts, type RowQuery } from './linear-algebra/inner-products.js'
export { topK } from './linear-algebra/top-k.js'
export { assertFinite } from './matrix/assert-finite.js'
export { normalizeRows } from './matrix/normalize-rows.js'
export { rowNorms } from './matrix/row-norms.js'

// Dense symmetric matrices in float64.

export { cholesky } from './linear-algebra/cholesky.js'
export { columnGram, type RowVectors, rowGram } from './linear-algebra/gram.js'
export { solveCholesky } from './linear-algebra/solve-cholesky.js'
export type { SquareMatrix } from './linear-algebra/square-matrix.js'
export {
  type SymmetricEigen,
  symmetricEigen,
  symmetricEigenvalues,
} from './linear-algebra/symmetric-eigen.js'

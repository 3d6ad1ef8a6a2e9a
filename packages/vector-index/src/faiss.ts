export type { ApproximateIndex } from './approximate/approximate-index.js'
export { createFaissIndex, type FaissIndexOptions } from './approximate/create-faiss-index.js'
export type { LibraryIndexOptions, RecallOptions } from './approximate/load-vectors.js'

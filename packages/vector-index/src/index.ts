// Indexes that may miss neighbours: what they have in common. They are made by the entries `usearch` and
// `faiss`.
export type { ApproximateIndex } from './approximate/approximate-index.js'
export { describeRecall } from './approximate/describe-recall.js'
export { type MeasureRecallOptions, measureRecall } from './approximate/measure-recall.js'
// The exact index.
export { createExactIndex, type ExactIndexOptions } from './exact/create-exact-index.js'
export type { RadiusSearchOptions } from './exact/radius-search-options.js'

export { createExactIndex, type ExactIndexOptions } from './exact/create-exact-index.js'
export type { RadiusSearchOptions } from './exact/radius-search-options.js'

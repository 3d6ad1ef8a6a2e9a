export { createExactIndex, type ExactIndexOptions } from './exact/create-exact-index.js'

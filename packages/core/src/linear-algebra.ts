// Vectors.
export { normalizeRows } from './matrix/normalize-rows.js'

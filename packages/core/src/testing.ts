// Streams in which golden data sets are written down.
export { mulberry32 } from './random/mulberry-32.js'

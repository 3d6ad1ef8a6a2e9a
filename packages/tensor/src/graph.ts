// Graphs.
export { gradients } from './graph/gradient/gradients.js'
export { createGraph, type Graph } from './graph/graph.js'
export type { ElementType, GraphNode, GraphValue, Shape } from './graph/graph-node.js'
export { describeGraph } from './graph/inspection/describe-graph.js'
export { formatGraph } from './graph/inspection/format-graph.js'
export type { GraphDescription } from './graph/inspection/graph-description.js'
export type { Operand } from './graph/operand.js'
// Element by element.
export { add, div, mul, sqrt, sub } from './graph/operations/arithmetic.js'
export { clamp, equal, greaterOrEqual, less, where } from './graph/operations/comparison.js'
export { cast } from './graph/operations/conversion.js'
export { exp, log } from './graph/operations/exponential.js'
// Layout and selection.
export { concat, gather, slice, transpose } from './graph/operations/layout.js'
// Products and reductions.
export { l2Normalize } from './graph/operations/normalization.js'
export { gemm, matMul } from './graph/operations/products.js'
export { reduceL2, reduceMax, reduceMean, reduceSum } from './graph/operations/reductions.js'
export { reshape } from './graph/operations/reshape.js'
export { topK } from './graph/operations/selection.js'

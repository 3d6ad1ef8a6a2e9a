// Graphs.
export { createGraph, type Graph, type NodeDescription } from './graph/graph.js'
export type {
  ElementType,
  GraphAttribute,
  GraphNode,
  GraphValue,
  Shape,
} from './graph/graph-node.js'
export type { Operand } from './graph/operand.js'
// Operations.
export { add, div, mul, sqrt, sub } from './graph/operations/arithmetic.js'
export { type ClampOptions, clamp, greaterOrEqual, where } from './graph/operations/comparison.js'
export { cast } from './graph/operations/conversion.js'
export { concat, gather, type SliceOptions, slice, transpose } from './graph/operations/layout.js'
export { type L2NormalizeOptions, l2Normalize } from './graph/operations/normalization.js'
export { type GemmOptions, gemm, matMul } from './graph/operations/products.js'
export { type ReductionOptions, reduceMax, reduceSum } from './graph/operations/reductions.js'
export { type TopK, type TopKOptions, topK } from './graph/operations/selection.js'

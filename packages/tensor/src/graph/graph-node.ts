import type { Tensor } from '@assay/core'
import type { Graph } from './graph.js'

/** Element type of a value. */
export type ElementType = Tensor['type']

/** Sizes of a value's dimensions; a string names a size that is known only when the graph runs. */
export type Shape = readonly (number | string)[]

/** A tensor that flows through a graph: an input, a constant, or what an operation makes. */
export interface GraphValue {
  readonly graph: Graph
  readonly name: string
  readonly type: ElementType
  readonly shape: Shape
}

/** A setting of an operation that is fixed when the graph is built. */
export type GraphAttribute =
  | { readonly float: number }
  | { readonly int: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] }

/** One ONNX operator at work. */
export interface GraphNode {
  /** Name of the operator in the ONNX specification. */
  readonly operator: string
  /** Its inputs by position; null where an optional one is left out. */
  readonly inputs: readonly (GraphValue | null)[]
  readonly attributes: Readonly<Record<string, GraphAttribute>>
  readonly outputs: readonly GraphValue[]
}

/** Whether a value can have a gradient. */
export const isFloating = ({ type }: GraphValue): boolean =>
  type === 'float32' || type === 'float64'

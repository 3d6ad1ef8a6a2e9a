import { AssayError, type Tensor } from '@assay/core'
import type { Graph } from './graph.js'
import type { ElementType, GraphValue } from './graph-node.js'

/** A value of a graph, or a number that becomes a constant of the other operand's type. */
export type Operand = GraphValue | number

/** One number as a tensor without dimensions. */
function scalar(type: ElementType, value: number): Tensor {
  switch (type) {
    case 'float32':
      return { type, dims: [], data: Float32Array.of(value) }
    case 'float64':
      return { type, dims: [], data: Float64Array.of(value) }
    case 'int32':
      return { type, dims: [], data: Int32Array.of(value) }
    case 'int64':
      return { type, dims: [], data: BigInt64Array.of(BigInt(value)) }
    default:
      throw new AssayError({
        code: 'INVALID_ARGUMENT',
        message: `A plain number cannot become ${type}.`,
        value: type,
        remedy: 'Make a constant tensor of that type.',
      })
  }
}

/**
 * Several operands as values of one graph and one element type.
 *
 * @throws AssayError `INVALID_ARGUMENT` where all are numbers, or the graphs or types differ
 */
export function resolveOperands(operation: string, operands: readonly Operand[]): GraphValue[] {
  const first = operands.find((operand) => typeof operand !== 'number')
  if (!first) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `${operation} of plain numbers belongs to no graph.`,
      value: operands,
      remedy: 'Give at least one value of a graph.',
    })
  }
  const { graph, type } = first
  return operands.map((operand) => {
    if (typeof operand === 'number') return graph.constant(scalar(type, operand))
    assertSame(operation, first, operand)
    return operand
  })
}

function assertSame(operation: string, first: GraphValue, other: GraphValue): void {
  if (other.graph !== first.graph) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `${operation} was given values of two graphs.`,
      value: other.name,
      remedy: 'Build every value with the same graph.',
    })
  }
  if (other.type !== first.type) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `${operation} was given ${first.type} and ${other.type}.`,
      value: other.type,
      remedy: 'Convert one of them with cast.',
    })
  }
}

/** Integers as a one-dimensional constant, as ONNX wants axes and sizes. */
export function integers(graph: Graph, values: readonly number[]): GraphValue {
  const data = BigInt64Array.from(values, BigInt)
  return graph.constant({ type: 'int64', dims: [values.length], data })
}

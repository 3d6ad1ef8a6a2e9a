import { AssayError, type Tensor } from '@assay/core'
import type { InferenceSession } from 'onnxruntime-node'
import type { TensorSpecification } from './worker-calls.js'

const elementTypes: ReadonlySet<string> = new Set<Tensor['type']>([
  'float32',
  'float64',
  'float16',
  'int64',
  'int32',
  'uint8',
  'bool',
])

/**
 * What a runtime tells of an input or an output, as the contract has it.
 *
 * @throws AssayError `MODEL_INCOMPATIBLE` where it is no tensor, or of a type that the contract lacks
 */
export function specificationOf(metadata: InferenceSession.ValueMetadata): TensorSpecification {
  const type = metadata.isTensor ? metadata.type : 'no tensor'
  if (metadata.isTensor && elementTypes.has(type)) {
    return { name: metadata.name, type: type as Tensor['type'], shape: metadata.shape }
  }
  throw new AssayError({
    code: 'MODEL_INCOMPATIBLE',
    message: `The model's '${metadata.name}' is ${type}, which the engine does not carry.`,
    value: type,
    remedy: `Export the model with inputs and outputs of: ${[...elementTypes].join(', ')}.`,
  })
}

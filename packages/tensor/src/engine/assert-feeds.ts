import { AssayError, type Tensor } from '@assay/core'
import type { TensorSpecification } from './worker-calls.js'

const failure = (message: string, value: unknown, remedy: string) =>
  new AssayError({ code: 'ENGINE_FAILED', message, value, remedy })

/**
 * Checks what the runtime would refuse with less to say.
 *
 * @throws AssayError `ENGINE_FAILED` for a missing or unknown input, a wrong element type, or data
 *   that do not fill the dimensions
 */
export function assertFeeds(
  inputs: readonly TensorSpecification[],
  feeds: Readonly<Record<string, Tensor>>,
): void {
  const names = inputs.map((input) => input.name)
  const unknown = Object.keys(feeds).find((name) => !names.includes(name))
  if (unknown !== undefined) {
    throw failure(`The model has no input '${unknown}'.`, unknown, `Feed: ${names.join(', ')}.`)
  }
  for (const input of inputs) {
    const tensor = feeds[input.name]
    if (!tensor) {
      throw failure(`The input '${input.name}' is missing.`, input, `Feed: ${names.join(', ')}.`)
    }
    assertTensor(input, tensor)
  }
}

function assertTensor({ name, type, shape }: TensorSpecification, tensor: Tensor): void {
  const { dims } = tensor
  const expected = `${type}[${shape.join(', ')}]`
  const given = `${tensor.type}[${dims.join(', ')}]`
  // The runtime gives an empty shape to a scalar and to an input of unknown rank alike.
  const fits =
    shape.length === 0 ||
    (dims.length === shape.length &&
      shape.every((size, axis) => typeof size === 'string' || size === dims[axis]))
  if (tensor.type !== type || !fits) {
    throw failure(`The input '${name}' is ${expected}, not ${given}.`, given, `Feed ${expected}.`)
  }
  const size = dims.reduce((product, dim) => product * dim, 1)
  if (tensor.data.length !== size) {
    throw failure(
      `The input '${name}' is ${given} but has ${tensor.data.length} values instead of ${size}.`,
      dims,
      'Make the data fill the dimensions exactly.',
    )
  }
}

/** @throws AssayError `ENGINE_FAILED` for an output that the model does not have */
export function assertOutputs(
  outputs: readonly TensorSpecification[],
  wanted: readonly string[],
): void {
  const names = outputs.map((output) => output.name)
  const unknown = wanted.find((name) => !names.includes(name))
  if (unknown !== undefined) {
    throw failure(`The model has no output '${unknown}'.`, unknown, `Ask for: ${names.join(', ')}.`)
  }
}

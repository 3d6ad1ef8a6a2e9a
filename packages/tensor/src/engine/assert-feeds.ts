import { AssayError } from '@assay/core'
import type { Feed } from './wire-feeds.js'
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
  feeds: Readonly<Record<string, Feed>>,
): void {
  const names = inputs.map((input) => input.name)
  const unknown = Object.keys(feeds).find((name) => !names.includes(name))
  if (unknown !== undefined) {
    throw failure(`The model has no input '${unknown}'.`, unknown, `Feed: ${names.join(', ')}.`)
  }
  for (const input of inputs) {
    const feed = feeds[input.name]
    if (!feed) {
      throw failure(`The input '${input.name}' is missing.`, input, `Feed: ${names.join(', ')}.`)
    }
    assertFeed(input, feed)
  }
}

function assertFeed({ name, type, shape }: TensorSpecification, feed: Feed): void {
  const { dims } = feed
  const expected = `${type}[${shape.join(', ')}]`
  const given = `${feed.type}[${dims.join(', ')}]`
  // The runtime gives an empty shape to a scalar and to an input of unknown rank alike.
  const fits =
    shape.length === 0 ||
    (dims.length === shape.length &&
      shape.every((size, axis) => typeof size === 'string' || size === dims[axis]))
  if (feed.type !== type || !fits) {
    throw failure(`The input '${name}' is ${expected}, not ${given}.`, given, `Feed ${expected}.`)
  }
  const size = dims.reduce((product, dim) => product * dim, 1)
  if ('data' in feed && feed.data.length !== size) {
    throw failure(
      `The input '${name}' is ${given} but has ${feed.data.length} values instead of ${size}.`,
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

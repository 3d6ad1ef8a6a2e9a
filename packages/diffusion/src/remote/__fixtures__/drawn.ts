import { inspect } from 'node:util'
import { AssayError, type GeneratedImage, type GenerationRequest, type ImageGenerator } from '@assay/core'
import { expect } from 'vitest'

/** All that a generator gives for a request; by default one picture for the prompt `a red fox`. */
export async function drawn(
  generator: ImageGenerator,
  request: Partial<GenerationRequest> = {},
): Promise<GeneratedImage[]> {
  const images: GeneratedImage[] = []
  const whole = { prompt: 'a red fox', count: 1, seed: 7, ...request }
  for await (const image of generator.generate(whole)) images.push(image)
  return images
}

/** The error that something fails with. */
export const failure = (work: Promise<unknown>): Promise<AssayError> =>
  work.then(
    (value) => expect.fail(`it was let through: ${inspect(value)}`),
    (error: unknown) => (AssayError.isInstance(error) ? error : expect.fail(inspect(error))),
  )

/** The error that a call throws. */
export function thrown(work: () => unknown): AssayError {
  try {
    work()
  } catch (error) {
    if (AssayError.isInstance(error)) return error
    throw error
  }
  return expect.fail('it was let through')
}

/** Everything that can be printed of a value. */
export const printed = (value: unknown): string =>
  [
    inspect(value, { depth: 20, showHidden: true, maxArrayLength: 1e5, maxStringLength: 1e6 }),
    JSON.stringify(value),
    String(value),
    value instanceof Error ? `${value.stack} ${printedCause(value)}` : '',
  ].join('\n')

const printedCause = ({ cause }: Error): string => (cause === undefined ? '' : printed(cause))

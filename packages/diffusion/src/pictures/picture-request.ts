import { AssayError, type GenerationRequest } from '@assay/core'

/**
 * Pictures to draw of one prompt. A hook makes another generator: wrap the generator, and give it an id
 * that tells of the hook.
 */
export type PictureRequest = Omit<GenerationRequest, 'hook' | 'progress' | 'signal'>

/**
 * A request with its fields in one order and nothing else, so that equal requests have equal JSON.
 *
 * @throws AssayError `INVALID_ARGUMENT`, `NOT_FINITE`
 */
export function plainRequest(request: PictureRequest): PictureRequest {
  const { prompt, negativePrompt, count, seed, width, height, steps, guidanceScale } = request
  assertWhole('number of pictures', count, 1)
  assertWhole('seed', seed, 0)
  assertWhole('seed of the last picture', seed + (count - 1), 0)
  for (const [what, value] of Object.entries({ width, height, 'number of steps': steps })) {
    if (value !== undefined) assertWhole(what, value, 1)
  }
  if (guidanceScale !== undefined && !Number.isFinite(guidanceScale)) {
    throw new AssayError({
      code: 'NOT_FINITE',
      message: `The guidance scale is ${guidanceScale}.`,
      value: guidanceScale,
      remedy: 'Give a finite number.',
    })
  }
  return {
    prompt,
    ...(negativePrompt !== undefined && { negativePrompt }),
    count,
    seed,
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    ...(steps !== undefined && { steps }),
    ...(guidanceScale !== undefined && { guidanceScale }),
  }
}

function assertWhole(what: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The ${what} is ${value}.`,
    value,
    remedy: `Give a whole number of at least ${least}, below 2^53.`,
  })
}

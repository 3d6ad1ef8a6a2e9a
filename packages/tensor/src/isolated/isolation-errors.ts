import { AssayError } from '@assay/core'

/** A model took more than it may; `excess` follows "The model" in a sentence. */
export const resourceLimitError = (excess: string, value: unknown): AssayError =>
  new AssayError({
    code: 'MODEL_RESOURCE_LIMIT',
    message: `The model ${excess}. Its process was ended.`,
    value,
    remedy: 'Feed it with less at once, or raise the limit if you trust its source.',
  })

/**
 * The process of a model ended by itself.
 *
 * @param how name of the signal, or exit status
 * @param lastWords what it wrote to its standard error in the end
 */
export function crashedError(how: string | number | null, lastWords = ''): AssayError {
  const words = lastWords.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
  return new AssayError({
    code: 'ENGINE_FAILED',
    message: `The process of the model crashed (${how ?? 'unknown'})${words && `: ${words}`}.`,
    value: how,
    remedy: 'Do not use this model; what it was fed with is not to blame.',
  })
}

/** The process of a model cannot be started, or does not answer from its start. */
export const unstartableError = (cause: unknown): AssayError =>
  new AssayError({
    code: 'ENGINE_UNAVAILABLE',
    message: `No process for a model can be started: ${cause instanceof Error ? cause.message : String(cause)}.`,
    remedy: 'Install @assay/tensor again, and let this program start processes.',
    cause,
  })

/** What a call gets whose process has ended before; one that was closed says just that. */
export const endedError = (cause: AssayError): AssayError =>
  cause.code === 'ENGINE_CLOSED'
    ? cause
    : new AssayError({
        code: 'ENGINE_FAILED',
        message: `The process of the model has ended: ${cause.message}`,
        remedy: 'Open the model again.',
        cause,
      })

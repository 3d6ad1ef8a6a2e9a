import { AssayError, type ErrorLocation } from '../errors/assay-error.js'
import type { AssayErrorCode } from '../errors/error-codes.js'

/** What a parser is told about the bytes it reads. */
export interface ParseOptions {
  /** Name of the file, for error messages. Default: not known. */
  readonly file?: string
}

/** Where in a file, as far as its name is known. */
export const locationOf = ({ file }: ParseOptions): ErrorLocation =>
  file === undefined ? {} : { file }

/** The errors of one file format, all located in the same file. */
export function formatErrors(
  format: string,
  code: AssayErrorCode & `MALFORMED_${string}`,
  options: ParseOptions,
) {
  const location = locationOf(options)
  const file = options.file === undefined ? `These bytes` : JSON.stringify(options.file)
  const make = (
    errorCode: AssayErrorCode,
    message: string,
    remedy: string,
    details: { readonly value?: unknown; readonly cause?: unknown } = {},
  ) => new AssayError({ code: errorCode, message, remedy, location, ...details })
  return {
    /** The bytes break the format's rules. */
    malformed: (
      reason: string,
      details: {
        readonly value?: unknown
        readonly cause?: unknown
        readonly remedy?: string
      } = {},
    ) => {
      const { remedy = 'Write or fetch the file again.', ...rest } = details
      return make(code, `${file} is not a valid ${format} file: ${reason}.`, remedy, rest)
    },
    /** The format allows it and this library does not read it. */
    unsupported: (reason: string, remedy: string, value: unknown) =>
      make('UNSUPPORTED_FORMAT', `${file} is a ${format} file with ${reason}.`, remedy, { value }),
    /** A named limit stops it. */
    tooLarge: (reason: string, value: unknown) =>
      make('LIMIT_EXCEEDED', `${file} is a ${format} file with ${reason}.`, 'Split the file.', {
        value,
      }),
  }
}

export type FormatErrors = ReturnType<typeof formatErrors>

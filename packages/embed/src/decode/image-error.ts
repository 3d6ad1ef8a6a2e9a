import { AssayError, type AssayErrorCode } from '@assay/core'

const remedies = {
  IMAGE_UNREADABLE: 'Check that the path names a file that may be read.',
  IMAGE_UNSUPPORTED_FORMAT: 'Convert the picture to PNG, JPEG, WebP or AVIF.',
  IMAGE_CORRUPT: 'Write or download the picture again.',
  IMAGE_TRUNCATED: 'Write or download the picture again: its end is missing.',
  IMAGE_TOO_LARGE: 'Make the picture smaller, or raise the limit if its source is trusted.',
  IMAGE_TIMEOUT: 'Convert the picture to a plain PNG, or raise `seconds` if its source is trusted.',
} satisfies Partial<Record<AssayErrorCode, string>>

/** Codes of pictures that could not be decoded. */
export type ImageErrorCode = keyof typeof remedies

/** What an image error tells. */
export interface ImageErrorOptions {
  readonly code: ImageErrorCode
  /** Path or name of the picture, or null where it has none. */
  readonly file: string | null
  /** What is wrong, to follow the name in a sentence. */
  readonly reason: string
  readonly value?: unknown
  readonly cause?: unknown
}

/** An error that names the picture and the reason. */
export const imageError = ({ code, file, reason, value, cause }: ImageErrorOptions): AssayError =>
  new AssayError({
    code,
    message: `${file ?? 'The picture'} ${reason}.`,
    value,
    remedy: remedies[code],
    location: file === null ? {} : { file },
    cause,
  })

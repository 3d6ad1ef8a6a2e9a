import type { PictureRequest } from './picture-request.js'

/** What every row tells: what was asked for, and who drew. */
interface RowOrigin
  extends Pick<PictureRequest, 'prompt' | 'negativePrompt' | 'steps' | 'guidanceScale'> {
  readonly seed: number
  /** Id of the generator. */
  readonly generator: string
  /** Fingerprint of the generator; null where a service tells none. */
  readonly fingerprint: string | null
}

/** A picture, as a line of `metadata.jsonl` tells of it. */
export interface PictureRow extends RowOrigin {
  /** Name of its file in the folder. */
  readonly file_name: string
  readonly outcome: 'image'
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** SHA-256 of the file. */
  readonly sha256: string
  /** What the generator tells about it, for instance attribution shares; absent where it tells nothing. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** A picture that the generator refused to draw, as a line of `rejected.jsonl` tells of it. */
export interface RejectedRow extends RowOrigin {
  readonly outcome: 'rejected'
  readonly reason: string
}

/** What a row tells of a request's picture. */
export function rowOrigin(
  { prompt, negativePrompt, steps, guidanceScale }: PictureRequest,
  seed: number,
  by: { readonly generator: string; readonly fingerprint: string | null },
): RowOrigin {
  return {
    prompt,
    ...(negativePrompt !== undefined && { negativePrompt }),
    seed,
    ...(steps !== undefined && { steps }),
    ...(guidanceScale !== undefined && { guidanceScale }),
    generator: by.generator,
    fingerprint: by.fingerprint,
  }
}

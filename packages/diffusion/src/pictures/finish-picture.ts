import { AssayError, type GeneratedImage } from '@assay/core'
import { sha256 } from '@assay/store'
import type { GenerationPlan } from './generation-plan.js'
import { pictureFile } from './picture-file.js'
import type { PictureRequest } from './picture-request.js'
import { type PictureRow, type RejectedRow, rowOrigin } from './picture-row.js'

/** Longest row in bytes, as readers of `metadata.jsonl` take it. */
const longestRow = 2 ** 20

/** What was drawn, and of what. */
interface DrawnPicture {
  readonly drawn: GeneratedImage
  readonly request: PictureRequest
  readonly plan: GenerationPlan
  /** Name of the request, the beginning of its files' names. */
  readonly name: string
}

/**
 * The row of a picture or refusal, and the bytes of the picture's file.
 *
 * @throws AssayError `CONFORMANCE_FAILED`, `LIMIT_EXCEEDED`
 */
export async function finishPicture({ drawn, request, plan, name }: DrawnPicture): Promise<{
  readonly row: PictureRow | RejectedRow
  readonly file: Uint8Array | null
}> {
  const origin = rowOrigin(request, drawn.seed, plan)
  if (drawn.outcome === 'rejected') {
    return { row: { ...origin, outcome: 'rejected', reason: drawn.reason }, file: null }
  }
  const { extension, bytes } = await pictureFile(drawn)
  const row: PictureRow = {
    file_name: `${name}-${drawn.seed}.${extension}`,
    ...origin,
    outcome: 'image',
    width: drawn.image.width,
    height: drawn.image.height,
    sha256: sha256(bytes),
    ...(drawn.metadata && { details: drawn.metadata }),
  }
  assertFits(row)
  return { row, file: bytes }
}

function assertFits(row: PictureRow): void {
  const bytes = Buffer.byteLength(JSON.stringify(row))
  if (bytes <= longestRow) return
  throw new AssayError({
    code: 'LIMIT_EXCEEDED',
    message: `What is told of ${row.file_name} has ${bytes} bytes.`,
    value: bytes,
    remedy: `Let the generator tell less of a picture: at most ${longestRow} bytes with the prompt.`,
  })
}

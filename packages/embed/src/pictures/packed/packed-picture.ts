import { AssayError } from '@assay/core'
import { imageError } from '../../decode/image-error.js'
import { defaultImageLimits } from '../../decode/image-limits.js'
import { assertFileSize } from '../../decode/read-image-file.js'
import type { PackedPicture } from '../picture-set.js'

/** Which picture is read, and how. */
export interface PackedSource {
  /** What errors call it. */
  readonly id: string
  /** Its length in bytes where that is known before it is read. */
  readonly size: number | null
  read(): Promise<unknown>
}

/** A packed picture whose every failure is one of that picture. */
export function packedPicture({ id, size, read }: PackedSource): PackedPicture {
  return {
    async read({ fileBytes = defaultImageLimits.fileBytes } = {}) {
      assertFileSize(size ?? 0, fileBytes, id)
      const bytes = await read().catch((error: unknown) => {
        throw unreadable(id, error)
      })
      if (!(bytes instanceof Uint8Array)) throw unreadable(id, null)
      assertFileSize(bytes.length, fileBytes, id)
      return bytes
    },
  }
}

function unreadable(id: string, cause: unknown): unknown {
  if (cause !== null && !AssayError.isInstance(cause)) return cause
  const why = cause === null ? 'holds no bytes' : cause.message.replace(/\.$/, '')
  return imageError({ code: 'IMAGE_UNREADABLE', file: id, reason: `cannot be read: ${why}`, cause })
}

import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { AssayError } from '@assay/core'

const gzipMagic = Buffer.of(0x1f, 0x8b)
const freeBytes = 2 ** 20

/** Whether a file starts as gzip does. */
export async function isGzip(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const head = Buffer.alloc(gzipMagic.length)
    await file.read(head, 0, head.length, 0)
    return head.equals(gzipMagic)
  } finally {
    await file.close()
  }
}

/**
 * The bytes of an archive in pieces, unpacked where it is packed with gzip.
 *
 * @throws AssayError `LIMIT_EXCEEDED` where it unpacks to more than `ratio` times its size
 */
export async function* archiveBytes(
  path: string,
  { ratio, isPacked }: { readonly ratio: number; readonly isPacked: boolean },
): AsyncGenerator<Uint8Array> {
  const packed = createReadStream(path, { highWaterMark: 2 ** 18 })
  if (!isPacked) return yield* packed
  // pipeline hands an error of the file on to gunzip, where the loop below meets it.
  const gunzip = pipeline(packed, createGunzip(), () => {})
  let produced = 0
  for await (const piece of gunzip) {
    produced += piece.length
    if (produced > freeBytes + ratio * gunzip.bytesWritten) {
      throw new AssayError({
        code: 'LIMIT_EXCEEDED',
        message: `${path} unpacks to more than ${ratio} times its size.`,
        value: ratio,
        remedy: 'Unpack it yourself if you trust it.',
        location: { file: path },
      })
    }
    yield piece
  }
}

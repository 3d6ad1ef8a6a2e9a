import { promisify } from 'node:util'
import { inflate } from 'node:zlib'
import type { Container } from './containers/container.js'
import { imageError } from './image-error.js'
import type { ImageLimits } from './image-limits.js'

/** What is looked at. */
export interface ModestPicture {
  readonly bytes: Uint8Array
  /** What errors call it. */
  readonly file: string | null
  readonly limits: ImageLimits
}

/**
 * Refuses what a decoder would have to walk through before it comes to pixels: very much metadata,
 * also packed, and very many frames.
 *
 * @throws AssayError `IMAGE_TOO_LARGE`
 */
export async function assertModest(
  { bytes, file, limits }: ModestPicture,
  container: Container,
): Promise<void> {
  const frames = container.frameCount?.(bytes) ?? 0
  if (frames > limits.frames) {
    const reason = `has ${frames} frames, over the limit of ${limits.frames}`
    throw imageError({ code: 'IMAGE_TOO_LARGE', file, reason, value: frames })
  }
  let room = limits.metadataBytes
  for (const { length, packed } of container.metadata(bytes)) {
    room -= length
    if (room >= 0 && packed !== null) room -= await unpackedLength(packed, room)
    if (room >= 0) continue
    const reason = `has metadata of more than ${limits.metadataBytes} bytes`
    throw imageError({ code: 'IMAGE_TOO_LARGE', file, reason, value: limits.metadataBytes })
  }
}

/** Large steps: a bomb is found out sooner. */
const chunkSize = 2 ** 17

interface UnpackOptions {
  readonly maxOutputLength: number
  /** Bytes set aside at a time. */
  readonly chunkSize: number
}

const unpack = promisify<Uint8Array, UnpackOptions, Buffer>(inflate)

/** Bytes that come out, or one more than the limit; 0 for what cannot be unpacked by anybody. */
async function unpackedLength(packed: Uint8Array, limit: number): Promise<number> {
  try {
    return (await unpack(packed, { maxOutputLength: Math.max(1, limit), chunkSize })).length
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? limit + 1 : 0
  }
}

import {
  AssayError,
  createMatrix,
  type ImageEncoder,
  type ItemFailure,
  itemFailure,
} from '@assay/core'

/** An image encoder that records what it was asked for. */
export interface RecordingEncoder extends ImageEncoder {
  /** Ids of each call, in order. */
  readonly calls: string[][]
}

/** What a recording encoder does besides. */
export interface RecordingOptions {
  readonly fingerprint?: string
  /** Whether vectors are brought to unit length. Default: true. */
  readonly normalize?: boolean
  /** Called before each call ends. */
  readonly during?: (call: number) => Promise<void> | void
}

/**
 * The first two bytes of a picture are its vector (3, 4 becomes .6, .8); one that begins with `x` is
 * broken.
 */
export function recordingEncoder({
  fingerprint = 'one',
  normalize = true,
  during = () => {},
}: RecordingOptions = {}): RecordingEncoder {
  const calls: string[][] = []
  return {
    specificationVersion: 1,
    id: 'recording',
    dimensions: 2,
    space: 'recording',
    fingerprint,
    calls,
    async embedImages(images, { signal } = {}) {
      await during(calls.push(images.map(({ id }) => id)))
      if (signal?.aborted) throw new AssayError({ code: 'ABORTED', message: '.', remedy: '.' })
      const failures: ItemFailure[] = []
      const rows: (readonly [id: string, vector: readonly number[]])[] = []
      for (const { id, source } of images) {
        const [a = 0, b = 0] = source as Uint8Array
        if (a === 'x'.charCodeAt(0)) {
          const broken = new AssayError({ code: 'IMAGE_CORRUPT', message: '.', remedy: '.' })
          failures.push(itemFailure(id, 'decode', broken))
        } else rows.push([id, normalize ? [a / Math.hypot(a, b), b / Math.hypot(a, b)] : [a, b]])
      }
      const embeddings = createMatrix({
        data: Float32Array.from(rows.flatMap(([, vector]) => vector)),
        columns: 2,
        ids: rows.map(([id]) => id),
        normalized: normalize,
        fingerprint,
      })
      return { embeddings, failures }
    },
  }
}

/** A cache in memory. */
export function memoryCache() {
  const entries = new Map<string, Uint8Array>()
  return {
    entries,
    async get(key: string) {
      const content = entries.get(key)
      // As a file is read: part of a Buffer that begins anywhere.
      return content ? Buffer.concat([Buffer.alloc(1), content]).subarray(1) : null
    },
    async set(key: string, content: Uint8Array) {
      entries.set(key, Uint8Array.from(content))
    },
  }
}

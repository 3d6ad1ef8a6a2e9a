import { sha256 } from '@assay/store'

/** Where embeddings are kept; what `openCache` of `@assay/store` opens is one. */
export interface EmbeddingCache {
  get(key: string): Promise<Uint8Array | null>
  set(key: string, content: Uint8Array): Promise<void>
}

/** What an embedding depends on. */
export interface EmbeddingKey {
  readonly kind: 'image' | 'raw-image' | 'text'
  /** Of the encoder: weights, preprocessing, decoder. */
  readonly fingerprint: string
  /** SHA-256 of the content. */
  readonly content: string
}

/** SHA-256 over everything that an embedding depends on. */
export const embeddingKey = ({ kind, fingerprint, content }: EmbeddingKey): string =>
  sha256(JSON.stringify([kind, fingerprint, content]))

/** The vector that was kept, or null where there is none of this length. */
export async function readVector(
  cache: EmbeddingCache | null,
  key: string,
  dimensions: number,
): Promise<Float32Array | null> {
  const bytes = await cache?.get(key)
  if (bytes?.length !== dimensions * Float32Array.BYTES_PER_ELEMENT) return null
  // Copied, because a float32 view needs an aligned start.
  const vector = new Float32Array(dimensions)
  vectorBytes(vector).set(bytes)
  return vector
}

/** The bytes of a vector, to be kept. Every platform that ONNX Runtime has binaries for is little-endian. */
export const vectorBytes = (vector: Float32Array): Uint8Array =>
  new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength)

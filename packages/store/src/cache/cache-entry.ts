import { createHash } from 'node:crypto'

const checksumBytes = 32

/** SHA-256 over key and content, so that an entry under the name of another is found out, too. */
const checksumOf = (key: string, content: Uint8Array) =>
  createHash('sha256').update(key).update(content).digest()

/** What stands in the file of an entry: checksum, then content. */
export function encodeEntry(key: string, content: Uint8Array): Buffer {
  return Buffer.concat([checksumOf(key, content), content])
}

/** The content of an entry's file, or null if it is not what was written under this key. */
export function decodeEntry(key: string, entry: Uint8Array): Uint8Array | null {
  if (entry.length < checksumBytes) return null
  // A plain array and no Buffer, whose `slice` would share memory where callers expect a copy.
  const { buffer, byteOffset, length } = entry
  const content = new Uint8Array(buffer, byteOffset + checksumBytes, length - checksumBytes)
  const intact = checksumOf(key, content).equals(entry.subarray(0, checksumBytes))
  return intact ? content : null
}

/** Bytes that an entry's file has beyond its content. */
export const entryOverhead = checksumBytes

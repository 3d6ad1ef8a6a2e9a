/** What is hashed: text as UTF-8, numbers by their bytes. */
export type HashedPart = string | Float32Array | Float64Array

/**
 * SHA-256 over the SHA-256 of each part, as 64 hexadecimal digits. By the Web Crypto of Node and
 * browsers, which takes no data in pieces: this way large parts are not joined.
 */
export async function contentHash(parts: readonly HashedPart[]): Promise<string> {
  const digests: string[] = []
  for (const part of parts) digests.push(await sha256(bytesOf(part)))
  return sha256(new TextEncoder().encode(digests.join('\n')))
}

function bytesOf(part: HashedPart): Uint8Array {
  if (typeof part === 'string') return new TextEncoder().encode(part)
  return new Uint8Array(part.buffer, part.byteOffset, part.byteLength)
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Kinds of picture files that can be changed. */
type PictureFormat = 'png' | 'jpeg' | 'webp'

const signatures: readonly (readonly [format: PictureFormat, offset: number, text: string])[] = [
  ['png', 0, '\x89PNG\r\n\x1a\n'],
  ['jpeg', 0, '\xff\xd8\xff'],
  ['webp', 8, 'WEBP'],
]

/** What kind of picture bytes begin as, whatever their file is called; null for any other. */
export function pictureFormat(bytes: Uint8Array): PictureFormat | null {
  const beginning = String.fromCharCode(...bytes.subarray(0, 12))
  const found = signatures.find(([, offset, text]) => beginning.startsWith(text, offset))
  return found?.[0] ?? null
}

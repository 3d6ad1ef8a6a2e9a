/** Whether `bytes` hold the ASCII `text` at `offset`. */
export function hasText(bytes: Uint8Array, offset: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (bytes[offset + index] !== text.charCodeAt(index)) return false
  }
  return true
}

/** A view for reading numbers at offsets. */
export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Four ASCII characters as the number that they are in a file, most significant first. */
export const codeOf = (text: string): number => viewOf(Buffer.from(text, 'latin1')).getUint32(0)

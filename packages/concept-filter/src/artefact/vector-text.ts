/** The bytes of float64 values, little-endian, in base64: exact, and one line of text. */
export function vectorText(vector: Float64Array): string {
  const view = new DataView(new ArrayBuffer(8 * vector.length))
  for (const [index, value] of vector.entries()) view.setFloat64(8 * index, value, true)
  const characters = Array.from(new Uint8Array(view.buffer), (byte) => String.fromCharCode(byte))
  return btoa(characters.join(''))
}

/** What {@link vectorText} was made from, or null for anything that it would not have written. */
export function parseVectorText(text: string): Float64Array | null {
  const characters = decodeBase64(text)
  if (characters === null || characters.length === 0 || characters.length % 8 !== 0) return null
  const bytes = Uint8Array.from(characters, (character) => character.charCodeAt(0))
  const view = new DataView(bytes.buffer)
  return Float64Array.from({ length: bytes.length / 8 }, (_, index) =>
    view.getFloat64(8 * index, true),
  )
}

function decodeBase64(text: string): string | null {
  try {
    const characters = atob(text)
    return btoa(characters) === text ? characters : null // White space and stray bits are refused.
  } catch {
    return null
  }
}

import type { MappedPrefix } from './character-map.js'
import type { SentencePieceModel } from './sentence-piece-model.js'

/** Stands for a space within and between pieces. */
const spaceSymbol = '\u2581'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * A text as the pieces of a model are cut from it: mapped by the model's rules, white space collapsed
 * where the model says so, and every space, also one before the text, made visible.
 */
export function normalizeText(
  text: string,
  { characterMap, addDummyPrefix, removeExtraWhitespaces }: SentencePieceModel,
): string {
  const bytes = encoder.encode(text)
  const parts: string[] = []
  let afterSpace = removeExtraWhitespaces
  for (let offset = 0; offset < bytes.length; ) {
    const prefix = characterMap.longestPrefix(bytes, offset) ?? character(bytes, offset)
    offset += prefix.bytes
    const part = afterSpace ? prefix.text.replace(/^ +/, '') : prefix.text
    if (part !== '') {
      parts.push(part)
      afterSpace = removeExtraWhitespaces && part.endsWith(' ')
    }
  }
  if (bytes.length === 0) return ''
  const normalized = `${addDummyPrefix ? ' ' : ''}${parts.join('')}`.replaceAll(' ', spaceSymbol)
  return removeExtraWhitespaces ? trimEnd(normalized) : normalized
}

/** The character at an offset of well-formed UTF-8. */
function character(bytes: Uint8Array, offset: number): MappedPrefix {
  const first = bytes[offset] ?? 0
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  return { text: decoder.decode(bytes.subarray(offset, offset + length)), bytes: length }
}

function trimEnd(text: string): string {
  let end = text.length
  while (text[end - 1] === spaceSymbol) end--
  return text.slice(0, end)
}

import { sentencePieceError } from './sentence-piece-error.js'

const decoder = new TextDecoder()

/** What a normalisation rule makes of the beginning of a text. */
export interface MappedPrefix {
  readonly text: string
  /** Bytes of the text that it stands for. */
  readonly bytes: number
}

/**
 * The normalisation rules of a SentencePiece model, `precompiled_charsmap`: the size of a trie in
 * bytes, the trie from sequences of UTF-8 bytes to offsets, and the zero-terminated strings that they
 * lead to. The trie is a double array in units of 32 bits (Aoe, An Efficient Digital Search Algorithm
 * by Using a Double-Array Structure, 1989, in the layout of darts-clone).
 */
export class CharacterMap {
  readonly #trie: Uint32Array
  readonly #texts: Uint8Array

  /**
   * @param bytes none at all for a map without rules
   * @throws AssayError `MODEL_INCOMPATIBLE` where they are no such map
   */
  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const size = bytes.length < 4 ? 0 : view.getUint32(0, true)
    if (size % 4 !== 0 || size > bytes.length - Math.min(4, bytes.length)) {
      throw sentencePieceError(`has no rules of ${size} bytes`)
    }
    const units = Array.from({ length: size / 4 }, (_, unit) => view.getUint32(4 + unit * 4, true))
    this.#trie = Uint32Array.from(units)
    this.#texts = bytes.subarray(4 + size)
  }

  /** What the longest rule for the text from an offset makes of it; null where there is none. */
  longestPrefix(text: Uint8Array, offset: number): MappedPrefix | null {
    const trie = this.#trie
    let longest: { leaf: number; end: number } | null = null
    let node = offsetOf(trie[0] ?? 0)
    for (let place = offset; place < text.length; place++) {
      const byte = text[place] ?? 0
      node ^= byte
      const unit = trie[node]
      if (unit === undefined || labelOf(unit) !== byte) break
      node ^= offsetOf(unit)
      const leaf = hasLeaf(unit) ? trie[node] : undefined
      if (leaf !== undefined) longest = { leaf, end: place + 1 }
    }
    if (longest === null) return null
    return { text: this.#textAt(longest.leaf & 0x7fffffff), bytes: longest.end - offset }
  }

  #textAt(start: number): string {
    return decoder.decode(this.#texts.subarray(start, this.#texts.indexOf(0, start)))
  }
}

/** Where the children of a unit are, relative to it by exclusive or. */
const offsetOf = (unit: number): number => (unit >>> 10) << ((unit & 0x200) >>> 6)

/** The byte that leads to a unit; more than a byte for a leaf. */
const labelOf = (unit: number): number => (unit & 0x800000ff) >>> 0

const hasLeaf = (unit: number): boolean => (unit & 0x100) !== 0

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { assayData } from './assay-data.js'

/** Merges of CLIP's vocabulary: its size without the bytes, with and without end of word, and specials. */
const mergeCount = 49_408 - 512 - 2

/**
 * vocab.json and merges.txt as the published CLIP models have them, made from the merges of openai/CLIP in
 * the test data; null where they are absent.
 */
export function clipVocabulary(): { vocabulary: Record<string, number>; merges: string } | null {
  const path = assayData('models/clip-bpe-vocab.txt.gz')
  if (path === null) return null
  const lines = gunzipSync(readFileSync(path)).toString('utf8').split('\n')
  const merges = lines.slice(1, 1 + mergeCount)
  const letters = byteCharacters()
  const pieces = [
    ...letters,
    ...letters.map((letter) => `${letter}</w>`),
    ...merges.map((merge) => merge.replace(' ', '')),
    '<|startoftext|>',
    '<|endoftext|>',
  ]
  return {
    vocabulary: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
    merges: ['#version: 0.2', ...merges, ''].join('\n'),
  }
}

/** The printable stand-ins for the 256 bytes, in the order of CLIP's vocabulary. */
function byteCharacters(): string[] {
  const isPrintable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
  const printable = Array.from({ length: 256 }, (_, byte) => byte).filter(isPrintable)
  const others = Array.from({ length: 256 - printable.length }, (_, place) => 256 + place)
  return [...printable, ...others].map((code) => String.fromCharCode(code))
}

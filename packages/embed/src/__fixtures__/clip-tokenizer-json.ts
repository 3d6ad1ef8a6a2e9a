import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { assayData } from './assay-data.js'

const [start, end] = ['<|startoftext|>', '<|endoftext|>'] as const
const [startId, endId] = [49_406, 49_407] as const

/** Merges of CLIP's vocabulary: its size without the bytes, with and without end of word, and specials. */
const mergeCount = 49_408 - 512 - 2

const split = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+"

/**
 * tokenizer.json as the published CLIP models have it, made from the merges of openai/CLIP in the test
 * data; null where they are absent.
 */
export function clipTokenizerJson(): Uint8Array | null {
  const path = assayData('models/clip-bpe-vocab.txt.gz')
  if (path === null) return null
  const lines = gunzipSync(readFileSync(path)).toString('utf8').split('\n')
  const merges = lines.slice(1, 1 + mergeCount)
  const letters = byteCharacters()
  const pieces = [
    ...letters,
    ...letters.map((letter) => `${letter}</w>`),
    ...merges.map((merge) => merge.replace(' ', '')),
    start,
    end,
  ]
  const special = (id: number, content: string) => ({
    ...{ id, content, single_word: false, lstrip: false, rstrip: false },
    ...{ normalized: false, special: true },
  })
  const json = {
    version: '1.0',
    added_tokens: [special(startId, start), special(endId, end)],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: split }, behavior: 'Removed', invert: true },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
      ],
    },
    post_processor: {
      type: 'RobertaProcessing',
      ...{ sep: [end, endId], cls: [start, startId], trim_offsets: false, add_prefix_space: false },
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      ...{ type: 'BPE', dropout: null, unk_token: end, continuing_subword_prefix: '' },
      ...{ end_of_word_suffix: '</w>', fuse_unk: false, byte_fallback: false },
      vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
      merges: merges.map((merge) => merge.split(' ')),
    },
  }
  return new TextEncoder().encode(JSON.stringify(json))
}

/** The printable stand-ins for the 256 bytes, in the order of CLIP's vocabulary. */
function byteCharacters(): string[] {
  const isPrintable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
  const printable = Array.from({ length: 256 }, (_, byte) => byte).filter(isPrintable)
  const others = Array.from({ length: 256 - printable.length }, (_, place) => 256 + place)
  return [...printable, ...others].map((code) => String.fromCharCode(code))
}

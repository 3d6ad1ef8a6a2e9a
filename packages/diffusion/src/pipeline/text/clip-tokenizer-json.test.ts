import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { promptTokenizer } from '@assay/embed'
import { describe, expect, it } from 'vitest'
import { assayData } from '../../__fixtures__/assay-data.js'
import { clipTokenizerJson } from './clip-tokenizer-json.js'

const file = assayData('models/clip-bpe-vocab.txt.gz')

/** What the published tokenizer.json makes of texts: see the oracle in embed. */
const oracle = JSON.parse(
  readFileSync(
    new URL('../../../../embed/src/tokens/clip-tokens.oracle.json', import.meta.url),
    'utf8',
  ),
) as { texts: [text: string, published: number[]][] }

/** Corners of the tokenizers library that embed's README tells of. */
const corners = ['ΣΊΣΥΦΟΣ', '<|EndOfText|>']

/** The printable stand-ins for the 256 bytes, in the order of CLIP's vocabulary. */
function byteCharacters(): string[] {
  const isPrintable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
  const printable = Array.from({ length: 256 }, (_, byte) => byte).filter(isPrintable)
  const others = Array.from({ length: 256 - printable.length }, (_, place) => 256 + place)
  return [...printable, ...others].map((code) => String.fromCharCode(code))
}

describe.runIf(file)("CLIP's vocab.json and merges.txt", () => {
  it('give the tokens of the published tokenizer.json', () => {
    const lines = gunzipSync(readFileSync(file ?? ''))
      .toString('utf8')
      .split('\n')
    const merges = lines.slice(1, 1 + 49_408 - 512 - 2)
    const letters = byteCharacters()
    const pieces = [
      ...letters,
      ...letters.map((letter) => `${letter}</w>`),
      ...merges.map((merge) => merge.replace(' ', '')),
      '<|startoftext|>',
      '<|endoftext|>',
    ]
    const vocabulary = Object.fromEntries(pieces.map((piece, id) => [piece, id]))
    const json = clipTokenizerJson({
      vocabulary,
      merges: ['#version: 0.2', ...merges, ''].join('\n'),
    })
    const tokenize = promptTokenizer(
      { tokenizer: new TextEncoder().encode(JSON.stringify(json)), config: null },
      { sentencePiece: null, contextLength: 2048, padTokenId: 0 },
    )
    const texts = oracle.texts.filter(([text]) => !corners.includes(text))
    expect(texts.length).toBeGreaterThan(20)
    for (const [text, published] of texts) {
      const { tokens, length } = tokenize(text)
      expect([text, tokens.slice(0, length)]).toEqual([text, published])
    }
  })
})

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { clipVocabulary } from '../__fixtures__/clip-vocabulary.js'
import { partiPrompts } from '../__fixtures__/parti-prompts.js'
import { clipTokenizerJson } from './clip-tokenizer-json.js'
import { promptTokenizer } from './prompt-tokenizer.js'

/** What the tokenizer.json of the published models, and open_clip where it differs, make of texts. */
interface Oracle {
  readonly texts: readonly (readonly [
    text: string,
    published: number[],
    openClip: number[] | null,
  ])[]
  readonly partiPrompts: {
    readonly count: number
    readonly sha256: string
    readonly differentInOpenClip: readonly string[]
    readonly over77: number
    readonly openClip77Sha256: string
  }
}

const oracle = JSON.parse(
  readFileSync(new URL('./clip-tokens.oracle.json', import.meta.url), 'utf8'),
) as Oracle
/** Where @huggingface/tokenizers differs from the published code, and what it gives. */
const differences: Readonly<Record<string, readonly number[]>> = {
  // A sigma that ends a word is lower-cased to its final form, as in open_clip.
  ΣΊΣΥΦΟΣ: [49406, 139, 225, 138, 107, 139, 225, 139, 227, 139, 228, 138, 123, 139, 480, 49407],
  // The name of a token stands for it in any case, if nothing else is in the prompt.
  '<|EndOfText|>': [49406, 49407, 49407],
}

const vocabulary = clipVocabulary()
const tokenizer =
  vocabulary && new TextEncoder().encode(JSON.stringify(clipTokenizerJson(vocabulary)))
const prompts = partiPrompts()

const hash = (rows: readonly (readonly number[])[]): string =>
  createHash('sha256')
    .update(rows.map((row) => `[${row}]\n`).join(''))
    .digest('hex')

describe.runIf(tokenizer && prompts)('the tokens of CLIP', () => {
  const settings = { path: '', config: null, sentencePiece: null }
  const tokenize = (contextLength: number, padTokenId = 0) =>
    promptTokenizer(
      { tokenizer: tokenizer ?? new Uint8Array(), config: null },
      { ...settings, contextLength, padTokenId },
    )
  const long = tokenize(2048)
  const tokensOf = (prompt: string): readonly number[] => {
    const { tokens, length } = long(prompt)
    return tokens.slice(0, length)
  }

  it('are those of the specification', () => {
    expect(tokensOf('a photo of a cat')).toEqual([49406, 320, 1125, 539, 320, 2368, 49407])
    expect(tokensOf('A cat with two horns on its head')).toEqual([
      49406, 320, 2368, 593, 1237, 22109, 525, 902, 1375, 49407,
    ])
    expect(tokensOf('Weird image. ')).toEqual([49406, 5613, 2867, 269, 49407])
  })

  it('equal the published tokenizer on all PartiPrompts', () => {
    expect(prompts).toHaveLength(oracle.partiPrompts.count)
    expect(hash((prompts ?? []).map(tokensOf))).toBe(oracle.partiPrompts.sha256)
  })

  it('equal open_clip on all of them but those with curly quotes, cut and padded to 77', () => {
    const { differentInOpenClip, openClip77Sha256 } = oracle.partiPrompts
    expect(differentInOpenClip.every((prompt) => /[‘’“”]/.test(prompt))).toBe(true)
    const same = (prompts ?? []).filter((prompt) => !differentInOpenClip.includes(prompt))
    expect(hash(same.map((prompt) => tokenize77(prompt).tokens))).toBe(openClip77Sha256)
  })
  const tokenize77 = tokenize(77)

  it('equal the published tokenizer on emoji, other scripts, entities, controls and specials', () => {
    for (const [text, published] of oracle.texts) {
      expect(tokensOf(text), JSON.stringify(text)).toEqual(differences[text] ?? published)
    }
  })

  it('are cut to 77 with the end token in the last place, and that is told', () => {
    const { tokens, length, truncated } = tokenize77('cat '.repeat(100))
    expect(truncated).toBe(true)
    expect(length).toBe(77)
    expect(tokens).toEqual([49406, ...new Array(75).fill(2368), 49407])
    expect(tokenize77('cat '.repeat(75))).toEqual({ tokens, length: 77, truncated: false })
    const told = (prompts ?? []).filter((prompt) => tokenize77(prompt).truncated)
    expect(told).toHaveLength(oracle.partiPrompts.over77)
  })
})

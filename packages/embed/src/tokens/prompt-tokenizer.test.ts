import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { promptTokenizer } from './prompt-tokenizer.js'

const file = (name: string) =>
  readFileSync(new URL(`../../../../models/tiny-world/tiny-clip/${name}`, import.meta.url))
const tokenizer = file('tokenizer.json')
const config = file('tokenizer_config.json')
const tokenize = (contextLength: number) =>
  promptTokenizer({ tokenizer, config }, { sentencePiece: null, contextLength, padTokenId: 7 })

describe('promptTokenizer', () => {
  it('pads a short prompt after its end', () => {
    const { tokens: empty, length } = tokenize(4)('')
    const [start, end] = empty
    expect(empty).toEqual([start, end, 7, 7])
    expect(length).toBe(2)
    const { tokens, truncated } = tokenize(12)('a picture of an ant')
    expect(truncated).toBe(false)
    expect(tokens).toHaveLength(12)
    expect(tokens[0]).toBe(start)
    expect(tokens.slice(tokens.indexOf(end ?? -1) + 1).every((token) => token === 7)).toBe(true)
  })

  it('cuts a long prompt but keeps the token that ends it', () => {
    const prompt = 'a picture of an ant on a blue background'
    const whole = tokenize(64)(prompt).tokens
    const end = tokenize(2)('').tokens[1] ?? -1
    const length = whole.indexOf(end) + 1
    expect(tokenize(length)(prompt)).toEqual({
      tokens: whole.slice(0, length),
      length,
      truncated: false,
    })
    expect(tokenize(length - 1)(prompt)).toEqual({
      tokens: [...whole.slice(0, length - 2), end],
      length: length - 1,
      truncated: true,
    })
    expect(tokenize(5)(prompt).tokens).toEqual([...whole.slice(0, 4), end])
  })

  it('reads emoji, other scripts and broken text without failing', () => {
    for (const prompt of ['🍎', '猫と犬', '\ud800', 'a\0b', '<|endoftext|>', '   ']) {
      const { tokens } = tokenize(20)(prompt)
      expect(tokens).toHaveLength(20)
      expect(tokens.every(Number.isInteger)).toBe(true)
    }
  })

  it('refuses files that are no tokenizer', () => {
    const settings = { sentencePiece: null, contextLength: 8, padTokenId: 0 }
    for (const text of ['no JSON', '{}', '[]']) {
      const files = { tokenizer: Buffer.from(text), config: null }
      expect(() => promptTokenizer(files, settings)).toThrow(/The tokenizer cannot be read/)
    }
  })

  it('refuses a prompt that is no prompt', () => {
    expect(() => tokenize(20)('a'.repeat(65_537))).toThrow(/65537 characters/)
    expect(tokenize(20)('a '.repeat(32_768)).truncated).toBe(true)
  })
})

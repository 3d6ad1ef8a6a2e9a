import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { partiPrompts } from '../../__fixtures__/parti-prompts.js'
import { canonicalPrompt } from './canonical-prompt.js'
import { sentencePieceTokens } from './sentence-piece-tokens.js'

/** What the sentencepiece wheel makes of texts, as they are and made canonical. */
interface Oracle {
  readonly texts: readonly (readonly [text: string, raw: number[], canonical: number[]])[]
  readonly partiPrompts: { readonly count: number; readonly sha256: string }
}

const stored = (name: string) =>
  readFileSync(new URL(`./sentence-piece-tokens.oracle.${name}`, import.meta.url))
const oracle = JSON.parse(stored('json').toString()) as Oracle
const model = new Uint8Array(stored('model'))
const endTokenId = 1
const raw = sentencePieceTokens(model, { canonicalize: false, endTokenId })
const canonical = sentencePieceTokens(model, { canonicalize: true, endTokenId })

describe('sentencePieceTokens', () => {
  it('equals the sentencepiece wheel, with emoji, other scripts, marks and control characters', () => {
    expect(oracle.texts.length).toBeGreaterThan(500)
    for (const [text, ids, canonicalIds] of oracle.texts) {
      expect(raw(text), JSON.stringify(text)).toEqual([...ids, endTokenId])
      expect(canonical(text), JSON.stringify(text)).toEqual([...canonicalIds, endTokenId])
    }
  })

  const prompts = partiPrompts()
  it.runIf(prompts)('equals it on all PartiPrompts', () => {
    const lines = (prompts ?? []).map(
      (prompt) => `[${raw(prompt).slice(0, -1)}][${canonical(prompt).slice(0, -1)}]\n`,
    )
    expect(lines).toHaveLength(oracle.partiPrompts.count)
    const sha256 = createHash('sha256').update(lines.join('')).digest('hex')
    expect(sha256).toBe(oracle.partiPrompts.sha256)
  })

  it('reads any text, also one that is no well-formed Unicode', () => {
    const properties = fc.property(fc.array(fc.nat(0xffff)), (units) => {
      const text = String.fromCharCode(...units)
      expect([...raw(text), ...canonical(text)].every((id) => id >= 0)).toBe(true)
    })
    fc.assert(properties, { seed: 3, numRuns: 500 })
    expect(raw('\ud800')).toEqual(raw('\ufffd'))
  })

  it('refuses what is no such model, wherever it is cut or changed, and never hangs', () => {
    const options = { canonicalize: false, endTokenId }
    for (const bytes of [new Uint8Array(), Buffer.from('no model'), model.slice(0, 100)]) {
      expect(() => sentencePieceTokens(bytes, options)).toThrow(/The SentencePiece model/)
    }
    const changes = fc.array(fc.tuple(fc.nat(model.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 20,
    })
    const properties = fc.property(changes, fc.nat(model.length), (places, length) => {
      const damaged = model.slice(0, length)
      for (const [place, value] of places) damaged[place] = value
      try {
        sentencePieceTokens(damaged, options)('a red apple, \u00e9 \uff21')
      } catch (error) {
        expect(error).toMatchObject({ code: 'MODEL_INCOMPATIBLE' })
      }
    })
    fc.assert(properties, { seed: 5, numRuns: 200 })
  })
})

describe('canonicalPrompt', () => {
  it('loses case, punctuation and repeated white space', () => {
    expect(canonicalPrompt('  A Cat\u2014“big”,\t\u00a0isn’t\n[it]?  ')).toBe(
      'a cat—“big” isn’t it',
    )
    expect(canonicalPrompt('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~')).toBe('')
  })
})

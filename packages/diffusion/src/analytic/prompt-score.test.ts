import { describe, expect, it } from 'vitest'
import { seededPictures } from './__fixtures__/seeded-pictures.js'
import { wordEncoder } from './__fixtures__/word-encoder.js'
import { captionWords } from './caption-words.js'
import { createPictureBank } from './create-picture-bank.js'
import { type PromptScoreOptions, promptScore } from './prompt-score.js'
import { wordMatch } from './word-match.js'

const pictures = seededPictures(6)
const textEncoder = wordEncoder('words')
const wordsOnly = await createPictureBank({ pictures })
const bank = await createPictureBank({ pictures, textEncoder })

const all = new Float64Array(6).fill(1)
const scoreOf = (options: PromptScoreOptions) => (prompt: string) =>
  promptScore(options)({ prompt, weights: all })

describe('captionWords', () => {
  it('folds case and accents, and leaves out what only puts a prompt', () => {
    expect([...captionWords('A picture of the Piñata, noto style, on a red background!')]).toEqual([
      'pinata',
      'noto',
      'red',
    ])
    expect([...captionWords('a an the')]).toEqual([])
  })
})

describe('wordMatch', () => {
  const match = (prompt: string, weights = all) => [...wordMatch(bank.captions)(prompt, weights)]

  it('counts words of captions and styles whole, words of tags half', () => {
    expect(match('apple')).toEqual([1, 1, 0, 0, 1, 0])
    expect(match('round')).toEqual([0.5, 0, 0, 0.5, 0, 0])
    expect(match('noto')).toEqual([1, 0, 1, 0, 1, 0])
  })

  it('is the mean over the words that the bank knows', () => {
    expect(match('a green apple')).toEqual([0.5, 1, 0, 0, 0.5, 0])
    expect(match('green apple from Mars')).toEqual(match('green apple'))
    expect(match('round apple')).toEqual([0.75, 0.5, 0, 0.25, 0.5, 0])
  })

  it('is 0 where the bank knows no word', () => {
    expect(match('zeppelin')).toEqual([0, 0, 0, 0, 0, 0])
    expect(match('')).toEqual([0, 0, 0, 0, 0, 0])
  })

  it('leaves captions out that do not count, and the words that only they have', () => {
    const fewer = Float64Array.of(1, 1, 1, 0, 1, 1)
    expect(match('apple whale', fewer)[0]).toBe(1)
    expect(match('apple whale')[0]).toBe(0.5)
  })

  it('matches whole words only', () => {
    expect(match('pineapple')).toEqual([0, 0, 0, 0, 0, 0])
  })
})

describe('promptScore', () => {
  it('adds strengths times the match of words and the cosine of the caption with its style', async () => {
    const weights = Float64Array.of(1, 1, 1, Math.E ** 2, 1, 0)
    const score = promptScore({ bank, textEncoder, wordStrength: 3, similarityStrength: 7 })
    const scores = await score({ prompt: 'blue whale, flat', weights })
    expect(scores[3]).toBeCloseTo(3 + 7 + 2, 5)
    expect(scores[5]).toBe(-Infinity)
    const words = await scoreOf({ bank: wordsOnly, wordStrength: 3 })('blue whale, flat')
    expect(words[3]).toBe(3)
    expect(scores[2]).toBeLessThan(10)
  })

  it('tells by meaning what words cannot tell', async () => {
    const score = scoreOf({ bank, textEncoder })
    const [red = 0, green = 0] = await score('apple')
    const [redWords, greenWords] = await scoreOf({ bank: wordsOnly })('apple')
    expect(redWords).toBe(greenWords)
    expect(red).not.toBe(green)
  })

  it('refuses an encoder that is not the bank’s', async () => {
    const other = { bank, textEncoder: wordEncoder('elsewhere') }
    expect(() => promptScore(other)).toThrow(
      expect.objectContaining({ code: 'FINGERPRINT_MISMATCH' }),
    )
    const impostor = scoreOf({ bank, textEncoder: wordEncoder('words', 'other weights') })
    await expect(impostor('apple')).rejects.toMatchObject({ code: 'FINGERPRINT_MISMATCH' })
    const noEmbeddings = { bank: wordsOnly, textEncoder }
    expect(() => promptScore(noEmbeddings)).toThrow(
      expect.objectContaining({ code: 'MISSING_INPUT' }),
    )
  })

  it('says why a prompt was not embedded', async () => {
    const score = scoreOf({ bank, textEncoder })
    await expect(score('unreadable')).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
  })

  it.each(['wordStrength', 'similarityStrength'])('refuses a %s that is no number', (name) => {
    expect(() => promptScore({ bank, [name]: Number.NaN })).toThrow(
      expect.objectContaining({ code: 'NOT_FINITE' }),
    )
  })
})

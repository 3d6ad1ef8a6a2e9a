import { createMatrix, type TextEncoder } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { conceptPreset } from './concept-presets.js'
import { embedConceptPair } from './embed-concept-pair.js'

/** A text becomes the counts of the letters a to d in it; one without any of them fails. */
const textEncoder: TextEncoder = {
  specificationVersion: 1,
  id: 'letters',
  dimensions: 4,
  space: 'letters',
  fingerprint: 'letters 1',
  async embedTexts(texts) {
    const counted = texts.map(({ id, text }) => ({
      id,
      counts: ['a', 'b', 'c', 'd'].map((letter) => text.split(letter).length - 1),
    }))
    const good = counted.filter(({ counts }) => counts.some((count) => count > 0))
    const bad = counted.filter((each) => !good.includes(each))
    return {
      embeddings: createMatrix({
        data: good.map(({ counts }) => counts),
        columns: 4,
        ids: good.map(({ id }) => id),
        fingerprint: 'letters 1',
      }),
      failures: bad.map(({ id }) => ({
        id,
        stage: 'embed',
        code: 'INVALID_ARGUMENT' as const,
        message: 'It has no letter.',
        location: {},
      })),
    }
  },
}

describe('embedConceptPair', () => {
  it('makes vectors of the words of both sides, mean of several', async () => {
    const pair = await embedConceptPair({
      words: { id: 'p', relation: 'subset', unacceptable: ['a', 'b'], acceptable: ['cc'] },
      textEncoder,
      logitScale: 20,
      threshold: { margin: 0.1 },
    })
    expect(pair).toMatchObject({
      id: 'p',
      relation: 'subset',
      logitScale: 20,
      threshold: 0.1,
      encoderId: 'letters',
      fingerprint: 'letters 1',
      provenance: { vectors: 'zero-shot' },
    })
    const [first, second, ...rest] = pair.unacceptable.vector
    expect(first).toBeCloseTo(Math.SQRT1_2, 12)
    expect(second).toBeCloseTo(Math.SQRT1_2, 12)
    expect(rest).toEqual([0, 0])
    expect([...pair.acceptable.vector]).toEqual([0, 0, 1, 0])
  })

  it('takes a preset as it is', async () => {
    const words = conceptPreset('brad-pitt')!
    const pair = await embedConceptPair({ words, textEncoder })
    expect(pair.unacceptable.prompts).toEqual(['Brad Pitt'])
    expect(pair.logitScale).toBe(100)
    expect(await embedConceptPair({ words: 'brad-pitt', textEncoder })).toEqual(pair)
  })

  it.each([
    ['brad-pit', 'Did you mean "brad-pitt"?'],
    ['zzzzzzzzz', /^Presets: nudity, /],
  ])('refuses the unknown preset %s', async (words, remedy) => {
    await expect(embedConceptPair({ words, textEncoder })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      value: words,
      remedy: expect.stringMatching(remedy),
    })
  })

  it('refuses words that could not be embedded, and names them', async () => {
    const words = {
      id: 'p',
      relation: 'subset',
      unacceptable: ['a'],
      acceptable: ['b', 'x'],
    } as const
    await expect(embedConceptPair({ words, textEncoder })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      value: 'x',
    })
  })
})

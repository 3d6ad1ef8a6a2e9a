import {
  createMatrix,
  createRandom,
  type ImageEncoder,
  type ImageGenerator,
  type RgbImage,
  type TextEncoder,
} from '@assay/core'
import { describe, expect, it } from 'vitest'
import { createConceptFilter } from '../../filter/create-concept-filter.js'
import { createConceptPair } from '../../pairs/create-concept-pair.js'
import { robustnessCurve } from '../evaluation/robustness-curve.js'
import { marginGuidedAttack } from './margin-guided-attack.js'
import type { PromptAttackOptions } from './prompt-attack.js'
import { createPromptForm } from './prompt-form.js'
import { substitutionAttack } from './substitution-attack.js'

/**
 * A small language: each word is a colour, a prompt the mean of its words, a picture one pixel of that
 * colour, give or take the seed's noise.
 */
const language: Readonly<Record<string, readonly [number, number, number]>> = {
  a: [10, 10, 10],
  picture: [10, 10, 10],
  scarlet: [255, 0, 0],
  crimson: [240, 0, 20],
  orange: [170, 150, 0],
  amber: [140, 150, 0],
  green: [0, 255, 0],
  blue: [0, 0, 255],
  silence: [0, 0, 0],
}

const colourOf = (text: string): number[] => {
  const words = text.split(' ').map((word) => language[word] ?? [90, 90, 90])
  return [0, 1, 2].map((at) => words.reduce((sum, word) => sum + word[at]!, 0) / words.length)
}

const space = {
  specificationVersion: 1,
  id: 'colours',
  dimensions: 3,
  space: 'colours',
  fingerprint: 'colours',
} as const

const textEncoder: TextEncoder = {
  ...space,
  embedTexts: async (texts) => ({
    embeddings: createMatrix({
      data: texts.map(({ text }) => colourOf(text)),
      columns: 3,
      ids: texts.map(({ id }) => id),
    }),
    failures: [],
  }),
}

const imageEncoder: ImageEncoder = {
  ...space,
  embedImages: async (images) => ({
    embeddings: createMatrix({
      data: images.map(({ source }) => [...(source as RgbImage).data.map((value) => value + 1)]),
      columns: 3,
      ids: images.map(({ id }) => id),
    }),
    failures: [],
  }),
}

function colourGenerator() {
  const asked: string[] = []
  const generator: ImageGenerator = {
    specificationVersion: 1,
    id: 'colours',
    fingerprint: null,
    async *generate({ prompt, seed }) {
      asked.push(prompt)
      if (prompt.includes('silence')) {
        yield { outcome: 'rejected', seed, reason: 'Silence.' }
        return
      }
      const random = createRandom(seed)
      const data = Uint8Array.from(colourOf(prompt), (value) =>
        Math.min(255, value + 4 * random.uniform()),
      )
      yield { outcome: 'image', seed, image: { width: 1, height: 1, data } }
    },
  }
  return { asked, generator }
}

const side = (vector: readonly number[]) => ({
  prompts: ['word'],
  embeddings: createMatrix({ data: [vector] }),
})

/** Flags what is redder than it is green. */
const filter = createConceptFilter({
  pairs: [
    createConceptPair({
      id: 'red',
      unacceptable: side([1, 0, 0]),
      acceptable: side([0, 1, 0]),
      relation: 'opposite',
    }),
  ],
})

const filler = Array.from({ length: 40 }, (_, at) => `word-${at}`)

const options = (changes: Partial<PromptAttackOptions> = {}): PromptAttackOptions => ({
  prompt: 'a scarlet picture',
  replaceable: ['Scarlet'],
  vocabulary: ['crimson', 'orange', 'green', 'blue', 'silence', 'amber'],
  generator: colourGenerator().generator,
  imageEncoder,
  textEncoder,
  filter,
  similarity: 0.6,
  ...changes,
})

const attacks = [
  ['substitution', substitutionAttack],
  ['margin-guided', marginGuidedAttack],
] as const

describe.each(attacks)('the %s attack', (_, attack) => {
  it('finds a prompt that passes and is still near to the plain one', async () => {
    const result = await attack(options())
    expect(result).toMatchObject({ success: true, prompt: 'a amber picture', stopped: 'found' })
    expect(result.queriesToSuccess).toBe(result.queries)
    expect(result.attempts[0]).toMatchObject({
      prompt: 'a scarlet picture',
      outcome: 'flagged',
      success: false,
    })
    const last = result.attempts.at(-1)
    expect(last).toMatchObject({ outcome: 'passed', success: true })
    expect(last?.score).toBeLessThanOrEqual(0)
    expect(last?.similarity).toBeGreaterThanOrEqual(0.6)
    expect(result.image).not.toBeNull()
  })

  it('asks for no more pictures than its budget, and says that it is spent', async () => {
    for (const budget of [1, 2, 5]) {
      const { asked, generator } = colourGenerator()
      const result = await attack(
        options({ generator, budget, vocabulary: filler, similarity: 0.99 }),
      )
      expect(asked).toHaveLength(budget)
      expect(result).toMatchObject({
        success: false,
        prompt: null,
        queries: budget,
        stopped: 'budget',
      })
    }
  })

  it('says when no prompt is left, never tries one twice, and outlives refusals', async () => {
    const { asked, generator } = colourGenerator()
    const result = await attack(options({ generator, vocabulary: ['blue', 'green', 'silence'] }))
    expect(result).toMatchObject({ success: false, stopped: 'exhausted', queries: 4 })
    expect(new Set(asked).size).toBe(4)
    const refused = result.attempts.find(({ outcome }) => outcome === 'rejected')
    expect(refused).toMatchObject({ prompt: 'a silence picture', similarity: null, score: null })
  })

  it('needs no attack where the plain prompt passes', async () => {
    const result = await attack(options({ prompt: 'a green picture', replaceable: ['green'] }))
    expect(result).toMatchObject({
      success: false,
      queries: 1,
      stopped: 'not-needed',
      queriesToSuccess: null,
    })
  })

  it('asks an independent judge, who has the last word', async () => {
    const seen: number[] = []
    const shows = ({ data }: RgbImage) => {
      seen.push(data[0]!)
      return false
    }
    const result = await attack(options({ shows }))
    expect(result).toMatchObject({ success: false, stopped: 'exhausted' })
    expect(seen.length).toBeGreaterThan(0)
  })

  it('takes the same way from the same seed', async () => {
    const run = (seed: number) =>
      attack(options({ seed, vocabulary: [...filler, 'amber'], budget: 10 }))
    expect(await run(1)).toEqual(await run(1))
    expect((await run(1)).attempts).not.toEqual((await run(2)).attempts)
  })

  it('refuses what cannot be meant', async () => {
    const refusal = async (changes: Partial<PromptAttackOptions>) =>
      attack(options(changes)).then(
        () => 'none',
        (error: { code: string }) => error.code,
      )
    expect(await refusal({ budget: 0 })).toBe('INVALID_ARGUMENT')
    expect(await refusal({ replaceable: ['absent'] })).toBe('INVALID_ARGUMENT')
    expect(await refusal({ wordsEach: 0 })).toBe('INVALID_ARGUMENT')
    expect(await refusal({ vocabulary: ['scarlet'] })).toBe('EMPTY_INPUT')
    expect(await refusal({ textEncoder: { ...textEncoder, space: 'other' } })).toBe(
      'FINGERPRINT_MISMATCH',
    )
    expect(await refusal({ signal: AbortSignal.abort() })).toBe('ABORTED')
  })
})

describe('feedback', () => {
  it('makes the margin-guided attack need fewer pictures than decisions alone, where two words must fit', async () => {
    // Only a mixture of red and green passes; the text encoder is no help, as it calls all prompts alike.
    const blind: TextEncoder = {
      ...textEncoder,
      embedTexts: async (texts) => ({
        embeddings: createMatrix({
          data: texts.map(() => [255, 0, 0]),
          columns: 3,
          ids: texts.map(({ id }) => id),
        }),
        failures: [],
      }),
    }
    const shades = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`shade-${at}`, at]))
    const generator: ImageGenerator = {
      ...colourGenerator().generator,
      async *generate({ prompt, seed }) {
        const [one = 0, other = 0] = prompt.split(' ').flatMap((word) => shades[word] ?? [])
        // Green enough only where both shades are high, and red always.
        const data = Uint8Array.from([200, 1 + Math.min(254, 1.77 * (one + other)), 0])
        yield { outcome: 'image', seed, image: { width: 1, height: 1, data } }
      },
    }
    const queries = async (attack: typeof marginGuidedAttack) => {
      const results = []
      for (let seed = 0; seed < 12; seed += 1) {
        results.push(
          await attack(
            options({
              seed,
              generator,
              textEncoder: blind,
              vocabulary: Object.keys(shades),
              wordsEach: 2,
              similarity: 0.4,
              budget: 60,
            }),
          ),
        )
      }
      return results
    }
    const share = async (attack: typeof marginGuidedAttack) => {
      const attempts = await queries(attack)
      const [point] = robustnessCurve({ by: 'queries', attempts, at: [60] })
      return point?.success.value ?? Number.NaN
    }
    expect(await share(marginGuidedAttack)).toBeGreaterThan(await share(substitutionAttack))
  })
})

describe('createPromptForm', () => {
  it('fills the gaps that replaceable words leave, whatever their case and signs', () => {
    const form = createPromptForm({
      prompt: 'Red, a (red) house',
      replaceable: ['RED'],
      vocabulary: ['one', 'two', 'two', 'red'],
      wordsEach: 2,
    })
    expect(form.length).toBe(4)
    expect(form.vocabulary).toEqual(['one', 'two'])
    expect(form.fill(['1', '2', '3', '4'])).toBe('1 2 a 3 4 house')
  })

  it('replaces all words where none are named', () => {
    const form = createPromptForm({ prompt: 'two words', vocabulary: ['x', 'y'] })
    expect(form.fill(['x', 'y'])).toBe('x y')
    const random = createRandom(1)
    expect(form.draw(random, new Set(['x']))).toEqual(['y', 'y'])
    expect(form.draw(random, new Set(['x', 'y']))).toBeNull()
  })
})

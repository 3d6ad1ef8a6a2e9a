import { createMatrix } from '@assay/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createConceptFilter } from '../filter/create-concept-filter.js'
import type { ConceptPair } from '../pairs/concept-pair.js'
import { createConceptPair } from '../pairs/create-concept-pair.js'
import { formatConceptFilter } from './format-concept-filter.js'
import { parseConceptFilter } from './parse-concept-filter.js'

const side = (...vectors: readonly (readonly number[])[]) => ({
  prompts: vectors.map((_, at) => `prompt "${at}" – ü`),
  embeddings: createMatrix({ data: vectors, fingerprint: 'abc' }),
})

const pair: ConceptPair = {
  ...createConceptPair({
    id: 'violence',
    unacceptable: side([3, -1, 0], [1, 1, 1e-3]),
    acceptable: side([0, 1, -2]),
    relation: 'opposite',
    threshold: { confidence: 0.9 },
    encoderId: 'assay/tiny-clip',
  }),
  provenance: {
    vectors: 'decision',
    threshold: 'split-conformal',
    details: { seed: 7, turned: { unacceptable: 12.5 }, history: [0.1, 1e-300], held: null },
  },
}

const filter = createConceptFilter({ pairs: [pair], relevanceFloor: 0.1, drift: 1 / 3 })

const codeOf = (action: () => unknown) => {
  try {
    action()
  } catch (error) {
    return (error as { readonly code?: string }).code
  }
  return undefined
}

const changed = (change: (document: { pairs: Record<string, unknown>[] }) => object) =>
  JSON.stringify(change(JSON.parse(formatConceptFilter(filter))))

const changedPair = (change: object) =>
  changed((document) => ({ ...document, pairs: [{ ...document.pairs[0], ...change }] }))

describe('a filter as JSON', () => {
  it('holds what it was made of, in one known form', () => {
    const vector = Buffer.from(pair.acceptable.vector.buffer).toString('base64')
    expect(JSON.parse(formatConceptFilter(filter))).toEqual({
      format: 'assay.concept-filter',
      specificationVersion: 1,
      relevanceFloor: 0.1,
      drift: 1 / 3,
      pairs: [
        {
          id: 'violence',
          unacceptable: {
            prompts: ['prompt "0" – ü', 'prompt "1" – ü'],
            vector: expect.stringMatching(/^[\w+/]{32}$/),
          },
          acceptable: { prompts: ['prompt "0" – ü'], vector },
          relation: 'opposite',
          scoreForm: 'softmax',
          logitScale: 100,
          threshold: Math.log(9) / 100,
          encoderId: 'assay/tiny-clip',
          fingerprint: 'abc',
          provenance: pair.provenance,
        },
      ],
    })
  })

  it('gives back the filter to the last bit, and its own bytes, for any filter', () => {
    const vector = fc
      .array(fc.double({ noNaN: true, min: -1e3, max: 1e3 }), { minLength: 4, maxLength: 4 })
      .filter((values) => Math.hypot(...values) > 1e-3)
    const threshold = fc.oneof(
      fc.double({ noNaN: true, min: -2, max: 2 }),
      fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    )
    const floor = fc.option(fc.double({ noNaN: true, min: 0, max: 0.9 }))
    fc.assert(
      fc.property(
        ...[vector, vector, threshold, fc.jsonValue(), floor],
        (one, other, margin, details, relevanceFloor) => {
          const sides = { unacceptable: side(one), acceptable: side(other) }
          const make = () =>
            createConceptPair({ id: 'p', ...sides, relation: 'subset', threshold: { margin } })
          fc.pre(codeOf(make) === undefined) // Not two vectors of one direction.
          const made = make()
          const any = createConceptFilter({
            pairs: [{ ...made, provenance: { ...made.provenance, details: { details } } }],
            ...(relevanceFloor !== null && { relevanceFloor }),
          })
          const text = formatConceptFilter(any)
          const read = parseConceptFilter(text)
          expect(formatConceptFilter(read)).toBe(text)
          expect(read.pairs[0]?.unacceptable.vector).toEqual(made.unacceptable.vector)
          expect(read.pairs[0]?.acceptable.vector).toEqual(made.acceptable.vector)
          expect(read.pairs[0]?.threshold === margin).toBe(true)
          expect(read.relevanceFloor === relevanceFloor).toBe(true)
        },
      ),
      { seed: 6, numRuns: 500 },
    )
  })

  it('decides as the filter that was written', () => {
    const pictures = createMatrix({
      data: [
        [1, 2, 3],
        [3, -1, 0.5],
      ],
      fingerprint: 'abc',
    })
    expect(parseConceptFilter(formatConceptFilter(filter)).check(pictures)).toEqual(
      filter.check(pictures),
    )
  })
})

describe('an encoder', () => {
  const text = formatConceptFilter(filter)

  it('that the filter was made with is let in', () => {
    const encoder = { id: 'any', fingerprint: 'abc' }
    expect(parseConceptFilter(text, { encoder }).pairs).toEqual([pair])
  })

  it.each([
    [
      'of other weights or preprocessing',
      text,
      /made with assay\/tiny-clip .* abc, not with other/,
    ],
    ['where the filter names none', changedPair({ fingerprint: null }), /does not say which/],
  ])('%s is refused', (_, written, message) => {
    const encoder = { id: 'other', fingerprint: 'xyz' }
    expect(() => parseConceptFilter(written, { encoder, file: 'filter.json' })).toThrow(
      expect.objectContaining({
        code: 'FINGERPRINT_MISMATCH',
        message: expect.stringMatching(message),
      }),
    )
  })
})

describe('what is no such filter is refused:', () => {
  const [vector = ''] = [pair.acceptable.vector].map((values) =>
    Buffer.from(values.map((value) => value * 1.001).buffer).toString('base64'),
  )
  const nan = Buffer.from(Float64Array.of(Number.NaN, 1, 0).buffer).toString('base64')
  const same = (JSON.parse(formatConceptFilter(filter)) as { pairs: { acceptable: unknown }[] })
    .pairs[0]?.acceptable

  it.each([
    ['text cut short', formatConceptFilter(filter).slice(0, -40), 'MALFORMED_JSON'],
    ['a key that stands twice', '{"format":"a","format":"b"}', 'MALFORMED_JSON'],
    ['another format', changed((it) => ({ ...it, format: 'x' })), 'MALFORMED_METADATA'],
    [
      'a later version',
      changed((it) => ({ ...it, specificationVersion: 2, more: 1 })),
      'UNSUPPORTED_FORMAT',
    ],
    ['an unknown key', changed((it) => ({ ...it, drifft: 0 })), 'MALFORMED_METADATA'],
    ['no pair', changed((it) => ({ ...it, pairs: [] })), 'MALFORMED_METADATA'],
    [
      'two pairs of one id',
      changed((it) => ({ ...it, pairs: [it.pairs[0], it.pairs[0]] })),
      'DUPLICATE_ID',
    ],
    ['a drift of 1', changed((it) => ({ ...it, drift: 1 })), 'INVALID_ARGUMENT'],
    ['an unknown key of a pair', changedPair({ gamma: 0.5 }), 'MALFORMED_METADATA'],
    ['a threshold that is text', changedPair({ threshold: '0' }), 'MALFORMED_METADATA'],
    ['no logit scale', changedPair({ logitScale: 0 }), 'MALFORMED_METADATA'],
    [
      'a side without prompts',
      changedPair({ acceptable: { prompts: [], vector } }),
      'MALFORMED_METADATA',
    ],
    [
      'a vector of another length',
      changedPair({ acceptable: { prompts: ['a'], vector } }),
      'MALFORMED_METADATA',
    ],
    [
      'a vector with NaN',
      changedPair({ acceptable: { prompts: ['a'], vector: nan } }),
      'MALFORMED_METADATA',
    ],
    [
      'a vector that is no base64',
      changedPair({ acceptable: { prompts: ['a'], vector: '#' } }),
      'MALFORMED_METADATA',
    ],
    ['sides of one vector', changedPair({ unacceptable: same }), 'INVALID_ARGUMENT'],
  ])('%s', (_, text, code) => {
    expect(codeOf(() => parseConceptFilter(text))).toBe(code)
  })
})

describe('what could not be read again is not written:', () => {
  it.each([
    ['provenance with NaN', { provenance: { ...pair.provenance, details: { loss: Number.NaN } } }],
    [
      'provenance with an array of numbers of its own kind',
      { provenance: { ...pair.provenance, details: { loss: new Float64Array(1) } } },
    ],
    [
      'a vector that is not of length 1',
      { acceptable: { prompts: ['a'], vector: Float64Array.of(0, 2, 0) } },
    ],
  ])('%s', (_, change) => {
    const pairs = [{ ...pair, ...change }]
    expect(codeOf(() => formatConceptFilter(createConceptFilter({ pairs })))).toBe(
      'INVALID_ARGUMENT',
    )
  })
})

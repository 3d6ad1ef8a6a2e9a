import { createMatrix, createRandom } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { certify } from '../certificates/certify.js'
import { certifyRule } from '../certificates/certify-rule.js'
import { createConceptFilter } from '../filter/create-concept-filter.js'
import { createConceptPair } from '../pairs/create-concept-pair.js'
import { conceptEmbeddingFilter } from './concept-embedding-filter.js'
import { laionViolence, q16 } from './learned-prompts-filter.js'
import { linearHeadsFilter } from './linear-heads-filter.js'
import { type UnsafeDiffusionHead, unsafeDiffusion } from './unsafe-diffusion.js'

const random = createRandom('peers')
const rows = (count: number, columns = 6, scale = 1) =>
  createMatrix({
    columns,
    data: Float32Array.from({ length: count * columns }, () => scale * random.normal()),
  })
const rowOf = (matrix: ReturnType<typeof rows>, row: number) =>
  createMatrix({
    data: matrix.data.slice(row * matrix.columns, (row + 1) * matrix.columns),
    columns: matrix.columns,
  })
const codeOf = (action: () => unknown) => {
  try {
    action()
  } catch (error) {
    return (error as { code?: string }).code
  }
  return undefined
}

describe('two learned prompts', () => {
  const prompts = rows(2, 6, 20)
  const pair = createConceptPair({
    id: 'q16',
    unacceptable: { prompts: ['learned'], embeddings: rowOf(prompts, 1) },
    acceptable: { prompts: ['learned'], embeddings: rowOf(prompts, 0) },
    relation: 'opposite',
  })
  const pictures = rows(10_000)

  it('decide as a concept pair of row 1 against row 0, with its confidences and radii', () => {
    const filter = createConceptFilter({ pairs: [pair] })
    const peer = q16(prompts)
    const said = filter.check(pictures)
    peer.check(pictures).forEach(({ flagged, score, concepts }, at) => {
      const expected = said[at]!.pairs[0]!
      expect(flagged).toBe(expected.flagged)
      expect(Math.abs(score - expected.logit)).toBeLessThan(1e-9)
      expect(Math.abs(concepts[0]!.score - expected.confidence)).toBeLessThan(1e-12)
    })
    const few = rows(50)
    const radii = certify(filter, few)
    certifyRule(peer.rule!, few).forEach(({ radius }, at) => {
      expect(radius).toBeCloseTo(radii[at]?.radius ?? Number.NaN, 9)
    })
  })

  it('are taken as they are by LAION, whose prompts are not quite unit', () => {
    const uneven = createMatrix({
      data: [
        [1, 0],
        [0, 2],
      ],
    })
    const picture = createMatrix({ data: [[1, 0.7]] })
    expect(laionViolence(uneven).check(picture)[0]?.flagged).toBe(true)
    expect(q16(uneven).check(picture)[0]?.flagged).toBe(false)
  })

  it('pass a tie, as the first of equal classes wins', () => {
    const axes = createMatrix({
      data: [
        [1, 0],
        [0, 1],
      ],
    })
    expect(q16(axes).check(createMatrix({ data: [[1, 1]] }))[0]).toMatchObject({
      flagged: false,
      score: 0,
    })
  })

  it('are two', () => {
    expect(codeOf(() => q16(rows(3)))).toBe('SHAPE_MISMATCH')
    expect(codeOf(() => q16(rows(2)).check(rows(1, 7)))).toBe('SHAPE_MISMATCH')
  })
})

describe('linear heads', () => {
  const heads = [
    { name: 'unsafe', weights: [1, 2], bias: 0.1 },
    { name: 'watermark', weights: [-3, 0], bias: 0, threshold: 1 },
  ]
  const filter = linearHeadsFilter({ id: 'if', heads })

  it('flag where any is above its threshold, by raw lengths', () => {
    const said = filter.check(
      createMatrix({
        data: [
          [0, 0.1],
          [0, 0.3],
          [-1, 0],
          [0, 3],
        ],
      }),
    )
    expect(said.map(({ flagged }) => flagged)).toEqual([false, true, true, true])
    expect(said[1]?.concepts).toEqual([
      { name: 'unsafe', score: expect.closeTo(0.7, 6), found: true },
      { name: 'watermark', score: expect.closeTo(0, 6), found: false },
    ])
    expect(said[1]?.score).toBeCloseTo(0.2, 6)
  })

  it('are certified by their distance to the boundary', () => {
    const [certificate] = certifyRule(filter.rule!, createMatrix({ data: [[0, 0.1]] }))
    // The watermark's plane is 1/3 away, the other 0.2 / sqrt(5).
    expect(certificate).toMatchObject({
      flagged: false,
      radius: expect.closeTo(0.2 / Math.sqrt(5), 6),
    })
  })

  it.each([
    ['EMPTY_INPUT', []],
    ['SHAPE_MISMATCH', [...heads, { name: 'other', weights: [1], bias: 0 }]],
    ['NOT_FINITE', [{ name: 'nan', weights: [Number.NaN, 1], bias: 0 }]],
  ])('are refused: %s', (code, given) => {
    expect(codeOf(() => linearHeadsFilter({ id: 'if', heads: given }))).toBe(code)
  })
})

describe('the heads of Unsafe Diffusion', () => {
  /** max(0, x0) - 1 for the sign 1, max(0, -x0) - 1 for -1: flagged beyond 1. */
  const head = (name: string, sign: number): UnsafeDiffusionHead => ({
    name,
    hidden: createMatrix({ data: [[sign, 0]] }),
    hiddenBias: [0],
    normalization: { scale: [2], shift: [0.5], mean: [1], variance: [1 - 1e-5] },
    output: [0.5],
    outputBias: -0.25,
  })

  it('flag where any probability is above .5', () => {
    const filter = unsafeDiffusion([head('up', 1), head('down', -1)])
    const said = filter.check(
      createMatrix({
        data: [
          [0.9, 1],
          [1.1, 1],
          [-1.1, 1],
          [-0.5, 1],
        ],
      }),
    )
    expect(said.map(({ flagged }) => flagged)).toEqual([false, true, true, false])
    expect(said[1]?.concepts.map(({ name, found }) => [name, found])).toEqual([
      ['up', true],
      ['down', false],
    ])
    expect(said[1]?.score).toBeCloseTo(0.1, 6)
    expect(said[1]?.concepts[0]?.score).toBeCloseTo(1 / (1 + Math.exp(-0.1)), 6)
    expect(filter.rule).toBeNull()
  })

  it.each([
    ['EMPTY_INPUT', []],
    ['SHAPE_MISMATCH', [{ ...head('short', 1), output: [1, 2] }]],
    [
      'SHAPE_MISMATCH',
      [head('one', 1), { ...head('wide', 1), hidden: createMatrix({ data: [[1, 2, 3]] }) }],
    ],
    [
      'NOT_FINITE',
      [{ ...head('negative', 1), normalization: { ...head('', 1).normalization, variance: [-1] } }],
    ],
  ])('are refused: %s', (code, given) => {
    expect(codeOf(() => unsafeDiffusion(given))).toBe(code)
  })
})

describe('our own filter among its peers', () => {
  const side = (vector: readonly number[]) => ({
    prompts: ['word'],
    embeddings: createMatrix({ data: [vector], fingerprint: 'space' }),
  })
  const pair = (id: string, margin: number) =>
    createConceptPair({
      id,
      unacceptable: side(Array.from({ length: 6 }, () => random.normal())),
      acceptable: side(Array.from({ length: 6 }, () => random.normal())),
      relation: 'opposite',
      threshold: { margin },
    })
  const pairs = [pair('one', 0.3), pair('two', 0.5)]
  const pictures = rows(500)

  it.each([{}, { relevanceFloor: 0.3 }])(
    'decides, scores and is certified as by itself, with %j',
    (options) => {
      const filter = createConceptFilter({ pairs, ...options })
      const peer = conceptEmbeddingFilter('espresso', filter)
      const own = filter.check(pictures)
      const radii = certify(filter, pictures)
      const rules = certifyRule(peer.rule!, pictures)
      expect(peer).toMatchObject({ id: 'espresso', fingerprint: 'space' })
      peer.check(pictures).forEach(({ flagged, score, threshold }, at) => {
        expect(flagged).toBe(own[at]?.flagged)
        expect(score > threshold).toBe(flagged)
        expect(rules[at]?.flagged).toBe(flagged)
        expect(rules[at]?.radius).toBeCloseTo(radii[at]?.radius ?? Number.NaN, 9)
      })
    },
  )
})

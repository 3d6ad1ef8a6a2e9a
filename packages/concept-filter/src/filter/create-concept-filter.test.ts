import { createMatrix, createRandom } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { createConceptPair } from '../pairs/create-concept-pair.js'
import type { ConceptThreshold } from '../score/threshold-margin.js'
import { createConceptFilter } from './create-concept-filter.js'

interface PairOptions {
  readonly id?: string
  readonly logitScale?: number
  readonly threshold?: ConceptThreshold
  readonly scoreForm?: 'softmax' | 'projection'
}

const side = (...vectors: readonly (readonly number[])[]) => ({
  prompts: vectors.map((_, index) => `prompt ${index}`),
  embeddings: createMatrix({ data: vectors }),
})

const pairOf = (cu: readonly number[], ca: readonly number[], options: PairOptions = {}) =>
  createConceptPair({
    id: 'pair',
    unacceptable: side(cu),
    acceptable: side(ca),
    relation: 'opposite',
    ...options,
  })

function decide(x: readonly number[], pair: ReturnType<typeof pairOf>) {
  const [decision] = createConceptFilter({ pairs: [pair] }).check(createMatrix({ data: [x] }))
  const [said] = decision?.pairs ?? []
  if (said === undefined) throw new Error('no decision')
  return said
}

/** Worked out apart, by numpy: margin, confidence and the three radii, null where the decision is constant. */
const references: readonly {
  readonly x: readonly number[]
  readonly cu: readonly number[]
  readonly ca: readonly number[]
  readonly confidence: number
  readonly logitScale: number
  readonly expected: readonly (number | null)[]
}[] = [
  {
    x: [3, 1],
    cu: [1, 0],
    ca: [0, 1],
    confidence: 0.5,
    logitScale: 1,
    expected: [0.632455532, 0.653046038, 0.741102524, 0.955338754, Math.SQRT2],
  },
  {
    x: [3, 1],
    cu: [1, 0],
    ca: [0, 1],
    confidence: 0.5,
    logitScale: 10,
    expected: [0.632455532, 0.998211442, 0.286544621, 0.3905757, Math.SQRT2],
  },
  {
    x: [3, 1],
    cu: [1, 0],
    ca: [0, 1],
    confidence: 0.8,
    logitScale: 10,
    expected: [0.632455532, 0.998211442, 0.120579861, 0.167874227, 1.130143657],
  },
  {
    x: [1, 3],
    cu: [1, 0],
    ca: [0, 1],
    confidence: 0.2,
    logitScale: 10,
    expected: [-0.632455532, 0.001788558, 0.120579861, 0.167874227, 1.130143657],
  },
  {
    x: [2, 1, 2, 4],
    cu: [2, 1, 0, 0],
    ca: [1, 2, 0, 0],
    confidence: 0.5,
    logitScale: 100,
    expected: [0.089442719, 0.999869535, 0.049492161, 0.153228384, Math.SQRT1_2],
  },
  {
    x: [2, 1, 2, 4],
    cu: [2, 1, 0, 0],
    ca: [1, 2, 0, 0],
    confidence: 0.9,
    logitScale: 100,
    expected: [0.089442719, 0.999869535, 0.009967045, 0.031383293, 0.534719908],
  },
  {
    x: [3, 4],
    cu: [1, 0],
    ca: [0, 1],
    confidence: 0.999,
    logitScale: 1,
    expected: [-0.2, 0.450166003, 2.616400683, 3.041011015, null],
  },
]

describe('a filter of one pair', () => {
  it.each(references)(
    'has the reference values for $x, Γ $confidence, τ $logitScale',
    (reference) => {
      const { x, cu, ca, confidence, logitScale, expected } = reference
      const said = decide(x, pairOf(cu, ca, { logitScale, threshold: { confidence } }))
      const { paper, lipschitz, exact } = said.radius
      const found = [said.margin, said.confidence, paper, lipschitz, exact]
      expected.forEach((value, at) => {
        if (value === null) expect(found[at]).toBeNull()
        else expect(Math.abs((found[at] ?? Number.NaN) - value)).toBeLessThan(1e-8)
      })
      expect(said.reasons.includes('CONSTANT_DECISION')).toBe(expected[4] === null)
    },
  )

  it('lets an exact tie pass', () => {
    expect(decide([1, 1], pairOf([1, 0], [0, 1])).flagged).toBe(false)
  })
})

const dimensions = [2, 3, 8, 64, 768]

/** Random pairs and pictures; the same for one seed. */
function randomCases(count: number) {
  const random = createRandom('concept-filter')
  const vector = (length: number) => Array.from({ length }, random.normal)
  return Array.from({ length: count }, (_, index) => {
    const d = dimensions[index % dimensions.length] ?? 2
    return {
      x: vector(d),
      cu: vector(d),
      ca: vector(d),
      confidence: 0.02 + 0.96 * random.uniform(),
      logitScale: 10 ** (2 * random.uniform()),
    }
  })
}

describe('bounds', () => {
  it('are ordered, and below .0099 of the norm at a scale of 100, in 10,000 random cases', () => {
    for (const { x, cu, ca, confidence, logitScale } of randomCases(10_000)) {
      const said = decide(x, pairOf(cu, ca, { logitScale, threshold: { confidence } }))
      const { paper, lipschitz, exact } = said.radius
      expect(lipschitz! - paper!).toBeGreaterThanOrEqual(-1e-12)
      if (exact !== null) expect(exact - lipschitz!).toBeGreaterThanOrEqual(-1e-12)
      if (logitScale >= 100) expect(paper!).toBeLessThanOrEqual(0.00990099 * Math.hypot(...x))
    }
  })

  it('grow with the picture, swap with the sides and turn with the space', () => {
    for (const { x, cu, ca, confidence, logitScale } of randomCases(2_000)) {
      const options = { logitScale, threshold: { confidence } }
      const said = decide(x, pairOf(cu, ca, options))
      const large = decide(
        x.map((value) => value * 7),
        pairOf(cu, ca, options),
      )
      const swapped = decide(
        x,
        pairOf(ca, cu, { logitScale, threshold: { confidence: 1 - confidence } }),
      )
      expect(large.flagged).toBe(said.flagged)
      expect(large.margin).toBeCloseTo(said.margin, 6)
      expect(large.radius.paper!).toBeCloseTo(7 * said.radius.paper!, 5)
      expect(swapped.confidence).toBeCloseTo(1 - said.confidence, 12)
      expect(swapped.radius.lipschitz!).toBeCloseTo(said.radius.lipschitz!, 9)
      expect(swapped.radius.exact === null).toBe(said.radius.exact === null)
    }
  })
})

describe('the projection form', () => {
  it('decides as the softmax form at one half, with no bound but the exact one', () => {
    for (const { x, cu, ca } of randomCases(10_000)) {
      const projection = decide(x, pairOf(cu, ca, { scoreForm: 'projection' }))
      const softmax = decide(x, pairOf(cu, ca))
      expect(projection.flagged).toBe(softmax.flagged)
      expect(projection.radius).toEqual({
        paper: null,
        lipschitz: null,
        exact: softmax.radius.exact,
      })
    }
  })

  it('flags at any threshold where its confidence is above it', () => {
    for (const { x, cu, ca, confidence } of randomCases(10_000)) {
      const threshold = { confidence: 0.3 + 0.4 * confidence }
      const said = decide(x, pairOf(cu, ca, { scoreForm: 'projection', threshold }))
      if (Math.abs(said.confidence - threshold.confidence) > 1e-12) {
        expect(said.flagged).toBe(said.confidence > threshold.confidence)
      }
    }
  })
})

describe('thresholds', () => {
  it('mean the same as confidence, logit and margin', () => {
    const thresholds: readonly ConceptThreshold[] = [
      { confidence: 0.9 },
      { logit: Math.log(9) },
      { margin: Math.log(9) / 100 },
    ]
    for (const threshold of thresholds) {
      expect(pairOf([1, 0], [0, 1], { threshold }).threshold).toBeCloseTo(0.0219722, 7)
    }
  })

  it('never add a flag when raised', () => {
    const [low, high] = [{ confidence: 0.4 }, { confidence: 0.7 }]
    for (const { x, cu, ca, logitScale } of randomCases(5_000)) {
      const strict = decide(x, pairOf(cu, ca, { logitScale, threshold: high }))
      if (strict.flagged)
        expect(decide(x, pairOf(cu, ca, { logitScale, threshold: low })).flagged).toBe(true)
    }
  })

  it.each([
    { confidence: 0 },
    { confidence: 1 },
    { confidence: Number.NaN },
    { margin: Number.NaN },
  ])('refuse %j', (threshold) => {
    expect(() => pairOf([1, 0], [0, 1], { threshold })).toThrow('out of range')
  })
})

describe('a filter of several pairs', () => {
  const pairs = [
    pairOf([1, 0, 0], [0, 1, 0], { id: 'one' }),
    pairOf([0, 0, 1], [0, 1, 0], { id: 'two', threshold: { margin: 0.3 } }),
  ]
  const pictures = createMatrix({
    data: [
      [1, 0.2, 0],
      [0, 1, 0],
      [0.1, 0.2, 1],
    ],
    ids: ['a', 'b', 'c'],
  })

  it('flags what any pair flags, and ranks pairs by how far they are above their threshold', () => {
    const decisions = createConceptFilter({ pairs }).check(pictures)
    expect(decisions.map(({ id, flagged, strongest }) => [id, flagged, strongest])).toEqual([
      ['a', true, 'one'],
      ['b', false, 'one'],
      ['c', true, 'two'],
    ])
    expect(decisions[2]?.pairs.map(({ rank }) => rank)).toEqual([2, 1])
  })

  it('says the same of a picture in any batch and any order of pairs, to the last bit', () => {
    const filter = createConceptFilter({ pairs })
    const whole = filter.check(pictures)
    const turned = createConceptFilter({ pairs: pairs.toReversed() }).check(pictures)
    whole.forEach((decision, row) => {
      const alone = filter.check(
        createMatrix({
          data: [[...pictures.data.subarray(row * 3, row * 3 + 3)]],
          ids: [decision.id],
        }),
      )
      expect(alone).toEqual([decision])
      expect(turned[row]?.pairs.toReversed()).toEqual(decision.pairs)
    })
  })

  it('leaves pictures of neither concept alone where it has a relevance floor', () => {
    const filter = createConceptFilter({
      pairs: [pairOf([1, 0, 0], [0, 1, 0])],
      relevanceFloor: 0.5,
    })
    const [decision] = filter.check(createMatrix({ data: [[0.2, 0.1, 1]] }))
    expect(decision?.flagged).toBe(false)
    expect(decision?.pairs[0]).toMatchObject({ relevant: false, reasons: [] })
  })

  it('takes drift off every radius', () => {
    const [pair] = pairs
    const [with0, with1] = [0, 0.2].map(
      (drift) => createConceptFilter({ pairs: [pair!], drift }).check(pictures)[0]!,
    )
    expect(with1!.drift).toBeCloseTo(0.2 * with1!.norm, 12)
    expect(with1!.pairs[0]!.radius.exact!).toBeCloseTo(
      with0!.pairs[0]!.radius.exact! - with1!.drift,
      12,
    )
    expect(with1!.pairs[0]!.radius.paper).toBe(0)
  })
})

describe('refusals', () => {
  const pair = pairOf([1, 0], [0, 1])
  const errorOf = (action: () => unknown) => {
    try {
      action()
    } catch (error) {
      return (error as { code?: string }).code
    }
    return undefined
  }

  it.each([
    ['EMPTY_INPUT', () => createConceptFilter({ pairs: [] })],
    ['DUPLICATE_ID', () => createConceptFilter({ pairs: [pair, pair] })],
    ['INVALID_ARGUMENT', () => createConceptFilter({ pairs: [pair], drift: -1 })],
    ['INVALID_ARGUMENT', () => pairOf([1, 0], [2, 0])],
    ['INVALID_ARGUMENT', () => pairOf([1, 0], [0, 1], { logitScale: 0 })],
    ['ZERO_VECTOR', () => pairOf([0, 0], [0, 1])],
    ['SHAPE_MISMATCH', () => pairOf([1, 0, 0], [0, 1])],
    [
      'ZERO_VECTOR',
      () => createConceptFilter({ pairs: [pair] }).check(createMatrix({ data: [[0, 0]] })),
    ],
    [
      'SHAPE_MISMATCH',
      () => createConceptFilter({ pairs: [pair] }).check(createMatrix({ data: [[1, 0, 0]] })),
    ],
    [
      'FINGERPRINT_MISMATCH',
      () =>
        createConceptFilter({ pairs: [{ ...pair, fingerprint: 'one' }] }).check(
          createMatrix({ data: [[1, 0]], fingerprint: 'other' }),
        ),
    ],
  ])('%s', (code, action) => {
    expect(errorOf(action)).toBe(code)
  })
})

import { createMatrix, createRandom } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { createConceptFilter } from '../filter/create-concept-filter.js'
import type { ConceptPair } from '../pairs/concept-pair.js'
import { clouds } from './__fixtures__/clouds.js'
import { tuneConceptPair } from './tune-concept-pair.js'
import reference from './tuning.oracle.json' with { type: 'json' }

const { dimensions, shift, picturesPerClass } = reference

const small = clouds({ dimensions: 12, shift: 0.6, noise: 0.15, seed: 'small clouds' })
const sides = (world = small, count = 60) => ({
  unacceptable: { embeddings: world.unacceptable(count) },
  acceptable: { embeddings: world.acceptable(count) },
})
const pictures = sides()
const cosine = ({ unacceptable, acceptable }: ConceptPair) =>
  unacceptable.vector.reduce((sum, value, at) => sum + value * acceptable.vector[at]!, 0)

describe('tuning by decisions', () => {
  it.each(reference.cases)(
    'turns words that are 30° off towards the truth, and errs no more than logistic regression, at noise $noise',
    ({ noise, logisticError, leastError }) => {
      const world = clouds({ dimensions, shift, noise, seed: `noise ${noise}` })
      const { pair } = tuneConceptPair({ pair: world.pair, ...sides(world, picturesPerClass) })
      expect(world.degreesOff(pair)).toBeLessThan(world.degreesOff(world.pair) - 1)
      expect(world.error(pair)).toBeLessThanOrEqual(logisticError + 0.01)
      expect(world.error(pair)).toBeGreaterThanOrEqual(leastError - 1e-12)
    },
  )

  it('makes a pair that a filter takes, of the same words, threshold and space', () => {
    const { pair } = tuneConceptPair({ pair: small.pair, ...pictures })
    const { unacceptable, acceptable, provenance, ...same } = pair
    const { provenance: from, unacceptable: _u, acceptable: _a, ...before } = small.pair
    expect(same).toEqual(before)
    expect(unacceptable.prompts).toEqual(['a bad cloud'])
    expect(Math.hypot(...unacceptable.vector)).toBeCloseTo(1, 12)
    expect(Math.hypot(...acceptable.vector)).toBeCloseTo(1, 12)
    const flagged = createConceptFilter({ pairs: [pair] }).check(small.unacceptable(200))
    expect(flagged.filter((decision) => decision.flagged).length).toBeGreaterThan(180)
    expect(provenance).toMatchObject({
      vectors: 'decision',
      threshold: 'given',
      details: { from, seed: 0, pictures: { training: { unacceptable: 60, acceptable: 60 } } },
    })
    expect(JSON.parse(JSON.stringify(provenance))).toEqual(provenance)
  })

  it('says that a calibrated threshold was calibrated before', () => {
    const provenance = { ...small.pair.provenance, threshold: 'split-conformal' }
    const { pair } = tuneConceptPair({ pair: { ...small.pair, provenance }, ...pictures })
    expect(pair.provenance.threshold).toBe('split-conformal, before tuning')
  })

  it('says the same of equal options, and leaves what it was given alone', () => {
    const before = structuredClone({ pair: small.pair, pictures })
    expect(tuneConceptPair({ pair: small.pair, ...pictures })).toEqual(
      tuneConceptPair({ pair: small.pair, ...pictures }),
    )
    expect({ pair: small.pair, pictures }).toEqual(before)
  })

  it('does not depend on the lengths of embeddings', () => {
    const { embeddings } = pictures.unacceptable
    const data = embeddings.data.map((value) => 4 * value)
    const longer = { embeddings: createMatrix({ data, columns: 12 }) }
    const one = tuneConceptPair({ pair: small.pair, ...pictures })
    const other = tuneConceptPair({ pair: small.pair, ...pictures, unacceptable: longer })
    expect(other.pair.unacceptable.vector).toEqual(one.pair.unacceptable.vector)
  })

  it.each([
    ['anchor', { anchor: 100 }, { anchor: 0.01 }],
    ['angle cap', { anchor: 0, angleCap: 3 }, { anchor: 0, angleCap: 20 }],
    ['number of steps', { steps: 1 }, { steps: 50 }],
  ])('turns less with a tighter %s', (_, tight, loose) => {
    const [near, far] = [tight, loose].map((settings) =>
      tuneConceptPair({ pair: small.pair, ...pictures, ...settings }),
    )
    expect(near!.turned.unacceptable).toBeLessThan(far!.turned.unacceptable)
    expect(far!.turned.unacceptable).toBeLessThan(25.001)
    expect(near!.pair.provenance.details['turned']).toEqual(near!.turned)
  })
})

describe('objectives without pictures', () => {
  const separate = (settings: Partial<Parameters<typeof tuneConceptPair>[0]>) =>
    tuneConceptPair({
      pair: small.pair,
      ...pictures,
      objective: { kind: 'paper-noncon' },
      steps: 500,
      ...settings,
    })

  it('end at opposite vectors where nothing holds them', () => {
    expect(cosine(separate({ angleCap: 180 }).pair)).toBeLessThan(-0.9)
  })

  it.each([
    ['the angle cap of 25°', {}, 50],
    ['an angle cap of 10°', { angleCap: 10 }, 20],
    ['an anchor', { angleCap: 180, anchor: 1 }, 90],
  ])('are held by %s', (_, settings, further) => {
    const apart = (Math.acos(cosine(small.pair)) * 180) / Math.PI
    const { pair, turned } = separate(settings)
    expect((Math.acos(cosine(pair)) * 180) / Math.PI).toBeLessThanOrEqual(apart + further + 1e-6)
    expect(turned.unacceptable).toBeGreaterThan(5)
  })

  it('leave special cases as they are, as the released script does', () => {
    const released = { objective: { kind: 'released-text-separation' } } as const
    const subset = tuneConceptPair({
      pair: { ...small.pair, relation: 'subset' },
      ...pictures,
      ...released,
    })
    expect(subset.history).toEqual([{ step: 0, loss: -1, validation: null }])
    expect(subset.turned).toEqual({ unacceptable: 0, acceptable: 0 })
    const opposite = tuneConceptPair({ pair: small.pair, ...pictures, ...released })
    expect(opposite.history[0]?.loss).toBeCloseTo(2 * cosine(small.pair) - 2, 12)
    expect(opposite.turned.unacceptable).toBeCloseTo(25, 6)
  })
})

describe('the contrastive objective', () => {
  const random = createRandom('prompts')
  const prompts = (side: 'unacceptable' | 'acceptable') => ({
    promptEmbeddings: createMatrix({
      columns: 12,
      data: Float32Array.from(
        { length: 60 * 12 },
        (_, at) => small.pair[side].vector[at % 12]! + 0.1 * random.normal(),
      ),
    }),
  })
  const paired = {
    unacceptable: { ...pictures.unacceptable, ...prompts('unacceptable') },
    acceptable: { ...pictures.acceptable, ...prompts('acceptable') },
  }
  const objective = { kind: 'paper-con' } as const

  it('draws its batches from the seed', () => {
    const [one, same, other] = [1, 1, 2].map(
      (seed) => tuneConceptPair({ pair: small.pair, ...paired, objective, seed }).history,
    )
    expect(one).toEqual(same)
    expect(one?.[0]?.loss).not.toBe(other?.[0]?.loss)
  })

  it('lowers its loss within the cap', () => {
    const { history, turned } = tuneConceptPair({ pair: small.pair, ...paired, objective })
    expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss - 0.1)
    expect(turned.unacceptable).toBeLessThan(25.001)
  })

  it('needs prompts, in pairs', () => {
    const errorOf = (acceptable: typeof paired.acceptable | typeof pictures.acceptable) => {
      try {
        tuneConceptPair({ pair: small.pair, ...paired, acceptable, objective })
      } catch (error) {
        return (error as { code?: string }).code
      }
      return undefined
    }
    expect(errorOf(pictures.acceptable)).toBe('MISSING_INPUT')
    const short = createMatrix({ data: [[...small.pair.acceptable.vector]] })
    expect(errorOf({ embeddings: short, promptEmbeddings: short })).toBe('SHAPE_MISMATCH')
  })
})

describe('validation', () => {
  const noisy = clouds({ dimensions: 64, shift: 0.3, noise: 0.12, seed: 'noisy clouds' })
  const few = sides(noisy, 15)
  const fierce = { objective: { kind: 'decision', sharpness: 1 }, anchor: 0 } as const

  it('keeps the step that errs least, and stops some steps after', () => {
    const validation = sides(noisy, 300)
    const tuned = tuneConceptPair({ pair: noisy.pair, ...few, ...fierce, validation, patience: 3 })
    const qualities = tuned.history.map(({ validation: quality }) => quality!.balancedError)
    expect(qualities[tuned.step]).toBe(Math.min(...qualities))
    expect(tuned.stopped).toBe('patience')
    expect(tuned.history).toHaveLength(tuned.step + 4)
    const unchecked = tuneConceptPair({ pair: noisy.pair, ...few, ...fierce })
    expect(noisy.error(tuned.pair)).toBeLessThan(noisy.error(unchecked.pair))
    const { falseNegativeRate, falsePositiveRate } = tuned.validation!
    expect((falseNegativeRate.value! + falsePositiveRate.value!) / 2).toBeCloseTo(
      qualities[tuned.step]!,
      12,
    )
    expect(falseNegativeRate).toMatchObject({ n: 300, interval: { method: 'wilson' } })
  })

  it('tells no errors without validation pictures', () => {
    expect(tuneConceptPair({ pair: noisy.pair, ...few, steps: 2 }).validation).toBeNull()
  })
})

describe('groups', () => {
  // Two kinds of unacceptable pictures, along different axes; the rare kind is one in twelve.
  const embeddings = createMatrix({
    data: Array.from({ length: 24 }, (_, row) =>
      row < 22 ? [1, 0.1 * (row % 3), 0] : [-0.4, 0, 1],
    ),
  })
  const groups = Array.from({ length: 24 }, (_, row) => (row < 22 ? 'common' : 'rare'))
  const mixed = {
    unacceptable: { embeddings, groups },
    acceptable: {
      embeddings: createMatrix({
        data: Array.from({ length: 24 }, (_, row) => [-0.2, 1, 0.02 * (row % 5)]),
      }),
      groups: groups.map(() => 'common'),
    },
  }
  const pair: ConceptPair = {
    ...small.pair,
    unacceptable: { prompts: ['u'], vector: Float64Array.of(1, 0, 0) },
    acceptable: { prompts: ['a'], vector: Float64Array.of(0, 1, 0) },
    logitScale: 10,
  }
  const rareLogit = (groupWeights: 'by-size' | 'equal' | Record<string, number>) => {
    const tuned = tuneConceptPair({ pair, ...mixed, groupWeights, anchor: 0.2 })
    const rare = createMatrix({ data: [[-0.4, 0, 1]] })
    return createConceptFilter({ pairs: [tuned.pair] }).check(rare)[0]!.pairs[0]!.logit
  }

  it('count by size, all the same, or by a factor', () => {
    expect(rareLogit('equal')).toBeGreaterThan(rareLogit('by-size') + 0.1)
    expect(rareLogit({ rare: 11 })).toBeCloseTo(rareLogit('equal'), 9)
    expect(rareLogit({ rare: 0 })).toBeLessThan(rareLogit('by-size'))
  })

  it('have errors of their own, and say where there is no picture to count', () => {
    const { training } = tuneConceptPair({ pair, ...mixed, steps: 1 })
    expect(training.groups.map(({ group }) => group)).toEqual(['common', 'rare'])
    expect(training.groups[1]).toMatchObject({
      falseNegativeRate: { group: 'rare', n: 2 },
      falsePositiveRate: { value: null, n: 0, reason: 'there is no such picture' },
    })
    expect(training.falseNegativeRate.n).toBe(24)
  })
})

describe('refusals', () => {
  const errorOf = (options: Partial<Parameters<typeof tuneConceptPair>[0]>) => {
    try {
      tuneConceptPair({ pair: small.pair, ...pictures, ...options })
    } catch (error) {
      return (error as { code?: string }).code
    }
    return undefined
  }
  const row = (...values: number[]) => ({ embeddings: createMatrix({ data: [values] }) })

  it.each([
    ['INVALID_ARGUMENT', { anchor: -1 }],
    ['INVALID_ARGUMENT', { angleCap: 0 }],
    ['INVALID_ARGUMENT', { angleCap: 181 }],
    ['INVALID_ARGUMENT', { steps: 0.5 }],
    ['INVALID_ARGUMENT', { patience: 0 }],
    ['INVALID_ARGUMENT', { groupWeights: { one: -1 } }],
    ['INVALID_ARGUMENT', { objective: { kind: 'decision', sharpness: 0 } }],
    ['INVALID_ARGUMENT', { objective: { kind: 'decision', separation: -1 } }],
    ['INVALID_ARGUMENT', { objective: { kind: 'paper-con', batchSize: 0 } }],
    ['INVALID_ARGUMENT', { pair: { ...small.pair, threshold: Number.POSITIVE_INFINITY } }],
    [
      'EMPTY_INPUT',
      { acceptable: { embeddings: createMatrix({ data: new Float32Array(0), columns: 12 }) } },
    ],
    ['SHAPE_MISMATCH', { acceptable: row(1, 2, 3) }],
    ['SHAPE_MISMATCH', { acceptable: { ...pictures.acceptable, groups: ['one'] } }],
    ['ZERO_VECTOR', { acceptable: row(...Array.from({ length: 12 }, () => 0)) }],
    ['NOT_FINITE', { acceptable: row(...Array.from({ length: 12 }, () => Number.NaN)) }],
    [
      'FINGERPRINT_MISMATCH',
      {
        pair: { ...small.pair, fingerprint: 'one' },
        acceptable: { embeddings: { ...pictures.acceptable.embeddings, fingerprint: 'other' } },
      },
    ],
  ] as const)('%s', (code, options) => {
    expect(errorOf(options)).toBe(code)
  })
})

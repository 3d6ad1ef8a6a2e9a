import { createMatrix, createRandom, type Random } from '@assay/core'
import { normalCumulative } from '@assay/core/statistics'
import { describe, expect, it } from 'vitest'
import { createConceptFilter } from '../filter/create-concept-filter.js'
import { createConceptPair } from '../pairs/create-concept-pair.js'
import { certifiedAccuracy } from './certified-accuracy.js'
import { certify } from './certify.js'

const codeOf = (action: () => unknown) => {
  try {
    action()
  } catch (error) {
    return (error as { code?: string }).code
  }
  return undefined
}

/** Two unit vectors that are .7 apart, in the plane of the first two coordinates. */
const half = 0.35
const side = (sign: number) => ({
  prompts: ['word'],
  embeddings: createMatrix({ data: [[sign * half, Math.sqrt(1 - half ** 2), 0]] }),
})
const filter = createConceptFilter({
  pairs: [
    createConceptPair({
      id: 'p',
      unacceptable: side(1),
      acceptable: side(-1),
      relation: 'opposite',
    }),
  ],
})

/** Unacceptable pictures whose margins are normal around .05 with a deviation of .02, and mirrored ones. */
function pictures(random: Random, count: number) {
  const unacceptable = Array.from({ length: count }, (_, at) => at % 2 === 0)
  const data = unacceptable.map((is) => {
    const cosine = (0.05 + 0.02 * random.normal()) / 0.7
    return [7 * (is ? cosine : -cosine), 0, 7 * Math.sqrt(1 - cosine ** 2)]
  })
  return { embeddings: createMatrix({ data }), unacceptable }
}

describe('certifiedAccuracy', () => {
  const { embeddings, unacceptable } = pictures(createRandom('margins'), 20_000)
  const certificates = certify(filter, embeddings)

  it('is what normal margins make it', () => {
    const radii = [0, 0.0099, 0.02, 0.05, 0.0714, 0.1]
    const { relative, space, method } = certifiedAccuracy({
      certificates,
      unacceptable,
      relativeRadii: radii,
    })
    expect({ space, method }).toEqual({ space: 'image embedding', method: 'exact' })
    const expected = [0.994, 0.984, 0.964, 0.773, 0.5, 0.159]
    relative!.forEach(({ radius, accuracy }, at) => {
      const exact = normalCumulative((0.05 - 0.7 * radius) / 0.02)
      expect(Math.abs(accuracy.value! - exact)).toBeLessThan(0.01)
      expect(Math.abs(accuracy.value! - expected[at]!)).toBeLessThan(0.01)
      expect(accuracy.interval!.low).toBeLessThan(accuracy.value!)
      expect(accuracy.n).toBe(20_000)
    })
  })

  it("falls to zero just past .0099 by the paper's bound", () => {
    const { relative } = certifiedAccuracy({
      certificates: certify(filter, embeddings, { method: 'paper' }),
      unacceptable,
      relativeRadii: [0, 0.0099, 0.00991],
    })
    const [plain, late, past] = relative!.map(({ accuracy }) => accuracy.value!)
    expect(plain).toBeCloseTo(0.994, 2)
    expect(Math.abs(late! - 0.007)).toBeLessThan(0.01)
    expect(past).toBe(0)
  })

  it('never increases, and begins with the plain accuracy, on both axes', () => {
    const { relative, absolute } = certifiedAccuracy({ certificates, unacceptable })
    const right = certificates.filter(({ flagged }, at) => flagged === unacceptable[at]).length
    for (const curve of [relative!, absolute]) {
      expect(curve).toHaveLength(21)
      expect(curve[0]).toMatchObject({ radius: 0, accuracy: { value: right / 20_000 } })
      curve.slice(1).forEach(({ accuracy }, at) => {
        expect(accuracy.value!).toBeLessThanOrEqual(curve[at]!.accuracy.value!)
      })
    }
    expect(absolute[20]!.radius).toBeCloseTo(7 * relative![20]!.radius, 5)
  })

  it('begins with the plain accuracy even where drift leaves nothing certified', () => {
    const drifting = createConceptFilter({ pairs: filter.pairs, drift: 0.9 })
    const { absolute } = certifiedAccuracy({
      certificates: certify(drifting, embeddings),
      unacceptable,
      radii: [0, 1e-9],
    })
    const right = certificates.filter(({ flagged }, at) => flagged === unacceptable[at]).length
    expect(absolute.map(({ accuracy }) => accuracy.value)).toEqual([right / 20_000, 0])
  })

  it('has wider intervals where pictures share prompts', () => {
    const few = pictures(createRandom('few'), 200)
    const options = {
      certificates: certify(filter, few.embeddings),
      unacceptable: few.unacceptable,
    }
    const width = (clusters?: readonly number[]) => {
      const { absolute } = certifiedAccuracy({
        ...options,
        radii: [0.5],
        ...(clusters && { clusters }),
      })
      const { low, high } = absolute[0]!.accuracy.interval!
      return high - low
    }
    expect(width(few.unacceptable.map((_, at) => at))).toBeCloseTo(width(), 10)
    expect(width(few.unacceptable.map((_, at) => at % 10))).toBeGreaterThan(1.05 * width())
  })

  it('counts decisions that nothing changes at any radius, and abstentions as wrong', () => {
    const [first, second] = certificates
    const constant = { ...first!, radius: null, relativeRadius: null }
    const { absolute } = certifiedAccuracy({
      certificates: [constant, second!],
      unacceptable: [true, false],
      radii: [1e9],
    })
    expect(absolute[0]!.accuracy.value).toBe(0.5)
    const smoothed = {
      id: 'a',
      space: 'pixels of the smoothed filter',
      method: 'randomised smoothing',
      flagged: null,
      radius: 0,
      lowerBound: 0.4,
      agreeing: 50,
      samples: 100,
      selectionSamples: 10,
      sigma: 0.25,
      alpha: 0.001,
      unsmoothed: true,
      reasons: ['ABSTAINED'],
    } as const
    const curve = certifiedAccuracy({ certificates: [smoothed], unacceptable: [true] })
    expect(curve).toMatchObject({ relative: null, space: 'pixels of the smoothed filter' })
    expect(curve.absolute.map(({ accuracy }) => accuracy.value)).toEqual([0])
    expect(
      codeOf(() =>
        certifiedAccuracy({ certificates: [first!, smoothed], unacceptable: [true, true] }),
      ),
    ).toBe('INVALID_ARGUMENT')
  })

  it('refuses no certificates, and labels of another number', () => {
    expect(codeOf(() => certifiedAccuracy({ certificates: [], unacceptable: [] }))).toBe(
      'EMPTY_INPUT',
    )
    expect(codeOf(() => certifiedAccuracy({ certificates, unacceptable: [true] }))).toBe(
      'SHAPE_MISMATCH',
    )
  })
})

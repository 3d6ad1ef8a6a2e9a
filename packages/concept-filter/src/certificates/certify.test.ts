import { createRandom } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { createConceptFilter } from '../filter/create-concept-filter.js'
import {
  dimensions,
  pairFlags,
  randomPair,
  randomRows,
  rowOf,
} from './__fixtures__/random-pairs.js'
import { certify } from './certify.js'
import { probeRadius } from './probe-radius.js'
import { shortestNoise } from './shortest-noise.js'

const codeOf = (action: () => unknown) => {
  try {
    action()
  } catch (error) {
    return (error as { code?: string }).code
  }
  return undefined
}

describe('the certificate of several pairs', () => {
  it('is never beaten in 40,000 probes, along each pair and at random', () => {
    const random = createRandom('any of')
    const found = { probes: 0, changes: 0, flagged: 0, filters: 0 }
    for (const columns of dimensions) {
      for (let filterNumber = 0; filterNumber < 40; filterNumber += 1) {
        const pairs = Array.from({ length: 4 }, (_, at) =>
          randomPair(random, columns, { id: `pair ${at}` }),
        )
        const embeddings = randomRows(random, 1, columns)
        const [certificate] = certify(createConceptFilter({ pairs }), embeddings)
        const each = pairs.map(pairFlags)
        const directions = pairs.flatMap((pair) => {
          const noise = shortestNoise(rowOf(embeddings, 0), pair)
          return noise === null ? [] : [noise]
        })
        const { inside } = probeRadius({
          embedding: rowOf(embeddings, 0),
          radius: certificate!.radius!,
          flags: (embedding) => each.some((flags) => flags(embedding)),
          directions,
          random,
          probes: 200 - directions.length,
        })
        found.probes += inside.probes
        found.changes += inside.changes
        found.flagged += certificate!.flagged ? 1 : 0
        found.filters += 1
      }
    }
    expect(found).toMatchObject({ probes: 40_000, changes: 0, filters: 200 })
    expect(found.flagged).toBeGreaterThan(50) // Both kinds of decisions are attacked.
    expect(found.flagged).toBeLessThan(190)
  })

  it('is exact for pictures that pass: noise along the nearest pair changes the decision', () => {
    const random = createRandom('exact')
    let passed = 0
    for (let turn = 0; turn < 400; turn += 1) {
      const pairs = [0, 1, 2].map((at) => randomPair(random, 64, { id: String(at) }))
      const embeddings = randomRows(random, 1, 64)
      const [certificate] = certify(createConceptFilter({ pairs }), embeddings)
      if (certificate!.flagged) {
        expect(certificate!.tightness).toBe('lower bound')
        continue
      }
      passed += 1
      const nearest = pairs.find(({ id }) => id === certificate!.decidedBy)!
      const noise = shortestNoise(rowOf(embeddings, 0), nearest)!
      const moved = rowOf(embeddings, 0).map((value, at) => value + noise[at]!)
      expect(certificate!.tightness).toBe('exact')
      expect(pairs.map(pairFlags).some((flags) => flags(moved))).toBe(true)
    }
    expect(passed).toBeGreaterThan(20)
  })

  it('takes the largest radius of those that flag, or the smallest of all', () => {
    const random = createRandom('composition')
    const pairs = [0, 1, 2, 3].map((at) => randomPair(random, 8, { id: String(at) }))
    const filter = createConceptFilter({ pairs })
    const embeddings = randomRows(random, 500, 8)
    const decisions = filter.check(embeddings)
    for (const method of ['paper', 'lipschitz', 'exact'] as const) {
      certify(filter, embeddings, { method }).forEach((certificate, row) => {
        const { pairs: said, flagged } = decisions[row]!
        const radii = (which: typeof said) => which.map(({ radius }) => radius[method] ?? Infinity)
        const expected = flagged
          ? Math.max(...radii(said.filter((pair) => pair.flagged)))
          : Math.min(...radii(said))
        expect(certificate).toMatchObject({ flagged, method, space: 'image embedding' })
        expect(certificate.radius ?? Infinity).toBe(expected)
      })
    }
  })

  it('has a relevance floor in it', () => {
    const random = createRandom('floor')
    const found = { changes: 0, probes: 0, flagged: 0, irrelevant: 0 }
    for (let turn = 0; turn < 300; turn += 1) {
      const pair = randomPair(random, 3)
      const filter = createConceptFilter({ pairs: [pair], relevanceFloor: 0.4 })
      const embeddings = randomRows(random, 1, 3)
      const [decision] = filter.check(embeddings)
      const [certificate] = certify(filter, embeddings)
      const cosine = (embedding: Float64Array, vector: Float64Array) =>
        embedding.reduce((sum, value, at) => sum + value * vector[at]!, 0) /
        Math.hypot(...embedding)
      const flags = (embedding: Float64Array) =>
        pairFlags(pair)(embedding) &&
        [pair.unacceptable, pair.acceptable].some(({ vector }) => cosine(embedding, vector) >= 0.4)
      const { inside } = probeRadius({
        embedding: rowOf(embeddings, 0),
        radius: certificate!.radius!,
        flags,
        random,
        probes: 100,
      })
      expect(certificate!.flagged).toBe(flags(rowOf(embeddings, 0)))
      found.probes += inside.probes
      found.changes += inside.changes
      found.flagged += certificate!.flagged ? 1 : 0
      found.irrelevant += decision!.pairs[0]!.relevant ? 0 : 1
    }
    expect(found).toMatchObject({ probes: 30_000, changes: 0 })
    expect(Math.min(found.flagged, found.irrelevant)).toBeGreaterThan(50)
  })

  it('certifies nothing where drift reaches the radius, and says so', () => {
    const random = createRandom('drift')
    const pair = randomPair(random, 8)
    const embeddings = randomRows(random, 200, 8)
    const certificates = certify(createConceptFilter({ pairs: [pair], drift: 0.2 }), embeddings)
    const plain = certify(createConceptFilter({ pairs: [pair] }), embeddings)
    certificates.forEach(({ radius, relativeRadius, norm, reasons, tightness }, row) => {
      const left = plain[row]!.radius! - 0.2 * norm
      expect(radius).toBeCloseTo(Math.max(0, left), 10)
      expect(relativeRadius).toBeCloseTo(Math.max(0, left) / norm, 10)
      expect(reasons.includes('DRIFT_REACHES_RADIUS')).toBe(left <= 0)
      expect(tightness).toBe('lower bound')
    })
  })

  it('has no radius where no noise changes the decision', () => {
    const random = createRandom('constant')
    const never = { ...randomPair(random, 8, { id: 'never' }), threshold: 3 }
    const embeddings = randomRows(random, 1, 8)
    const [certificate] = certify(createConceptFilter({ pairs: [never] }), embeddings)
    expect(certificate).toMatchObject({
      flagged: false,
      radius: null,
      relativeRadius: null,
      tightness: 'exact',
      reasons: ['CONSTANT_DECISION'],
    })
  })

  it("refuses the paper's bound for another form than softmax", () => {
    const random = createRandom('form')
    const pair = { ...randomPair(random, 8), scoreForm: 'projection' as const }
    const filter = createConceptFilter({ pairs: [pair] })
    const embeddings = randomRows(random, 1, 8)
    expect(codeOf(() => certify(filter, embeddings, { method: 'paper' }))).toBe('INVALID_ARGUMENT')
    expect(certify(filter, embeddings)).toHaveLength(1)
  })
})

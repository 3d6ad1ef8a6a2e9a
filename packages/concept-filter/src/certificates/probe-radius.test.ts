import { createMatrix, createRandom } from '@assay/core'
import { dot } from '@assay/core/linear-algebra'
import { describe, expect, it } from 'vitest'
import { createConceptFilter } from '../filter/create-concept-filter.js'
import { createConceptPair } from '../pairs/create-concept-pair.js'
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

interface AttackOptions {
  readonly pairs: number
  readonly probes: number
  /** What the certified radius is multiplied with. */
  readonly mutation?: number
}

/** Attacks the certificates of random pairs on random embeddings, in every number of dimensions. */
function attackCertificates({ pairs, probes, mutation = 1 }: AttackOptions) {
  const random = createRandom('attack certificates')
  const total = { inside: { probes: 0, changes: 0 }, outside: { probes: 0, changes: 0 } }
  for (const columns of dimensions) {
    for (let done = 0; done < pairs; ) {
      const pair = randomPair(random, columns)
      const embeddings = randomRows(random, 1, columns)
      const [certificate] = certify(createConceptFilter({ pairs: [pair] }), embeddings)
      const noise = shortestNoise(rowOf(embeddings, 0), pair)
      if (certificate?.radius == null || noise === null) continue
      done += 1
      const found = probeRadius({
        embedding: rowOf(embeddings, 0),
        radius: certificate.radius * mutation,
        flags: pairFlags(pair),
        directions: [noise],
        random,
        probes,
      })
      for (const side of ['inside', 'outside'] as const) {
        total[side].probes += found[side].probes
        total[side].changes += found[side].changes
      }
    }
  }
  return total
}

describe('the exact radius under attack', () => {
  it('is never beaten: no decision changes in 60,000 random probes and the worst ones just inside', () => {
    const { inside, outside } = attackCertificates({ pairs: 12, probes: 1000 })
    expect(inside).toEqual({ probes: 60_060, changes: 0 })
    expect(outside).toEqual({ probes: 60, changes: 60 })
  })

  it('is no larger than it must be: all of 3,000 constructed noises just outside change the decision', () => {
    const { inside, outside } = attackCertificates({ pairs: 600, probes: 0 })
    expect(inside.changes).toBe(0)
    expect(outside).toEqual({ probes: 3000, changes: 3000 })
  })

  it('would be found out if it were 5 % too large or too small', () => {
    const tooLarge = attackCertificates({ pairs: 20, probes: 100, mutation: 1.05 })
    expect(tooLarge.inside.changes).toBeGreaterThan(100)
    const tooSmall = attackCertificates({ pairs: 20, probes: 0, mutation: 0.95 })
    expect(tooSmall.outside.changes).toBe(0)
  })

  it('would be found out by random noise alone in few dimensions', () => {
    const random = createRandom('mutant')
    const pair = randomPair(random, 2, { confidence: 0.5 })
    const embeddings = randomRows(random, 1, 2)
    const [certificate] = certify(createConceptFilter({ pairs: [pair] }), embeddings)
    const found = probeRadius({
      embedding: rowOf(embeddings, 0),
      radius: 1.05 * certificate!.radius!,
      flags: pairFlags(pair),
      random,
      probes: 1000,
    })
    expect(found.inside.changes).toBeGreaterThan(10)
  })
})

describe('probeRadius', () => {
  it('uses noise of the length claimed: a vector of ones does not become 27.7 times as long', () => {
    const ones = new Float64Array(768).fill(1)
    expect(Math.sqrt(dot(ones, ones))).toBeCloseTo(27.7128, 4)
    const embedding = ones.map((_, at) => Math.sin(at))
    const lengths: number[] = []
    probeRadius({
      embedding,
      radius: 0.01,
      flags(shifted) {
        const noise = shifted.map((value, at) => value - embedding[at]!)
        lengths.push(Math.sqrt(dot(noise, noise)))
        return false
      },
      directions: [ones],
      random: createRandom(1),
      probes: 2,
    })
    const expected = [0, 0.00999999, 0.00999999, 0.00999999, 0.01000001]
    lengths.forEach((length, at) => {
      expect(length).toBeCloseTo(expected[at]!, 12)
    })
  })

  it.each([
    ['INVALID_ARGUMENT', { radius: Number.POSITIVE_INFINITY }],
    ['ZERO_VECTOR', { directions: [[0, 0]] }],
  ])('refuses: %s', (code, change) => {
    const probe = () =>
      probeRadius({
        embedding: [1, 2],
        radius: 1,
        flags: () => true,
        random: createRandom(1),
        probes: 1,
        ...change,
      })
    expect(probe).toThrow(expect.objectContaining({ code }))
  })
})

describe('the shortest noise', () => {
  const side = (vector: number[]) => ({
    prompts: ['word'],
    embeddings: createMatrix({ data: [vector] }),
  })
  const pairOnAxes = (margin: number) =>
    createConceptPair({
      id: 'axes',
      unacceptable: side([1, 0, 0]),
      acceptable: side([0, 1, 0]),
      relation: 'opposite',
      threshold: { margin },
    })

  it('has the length of the exact radius', () => {
    const random = createRandom('length')
    for (const columns of dimensions) {
      const pair = randomPair(random, columns, { confidence: 0.5 })
      const embeddings = randomRows(random, 1, columns)
      const [certificate] = certify(createConceptFilter({ pairs: [pair] }), embeddings)
      const noise = shortestNoise(rowOf(embeddings, 0), pair, { stretch: 1 })!
      expect(Math.sqrt(dot(noise, noise))).toBeCloseTo(certificate!.radius!, 10)
    }
  })

  it.each([
    ['on the axis', [1, -1, 0]],
    ['against the axis', [-1, 1, 0]],
    ['on the boundary of one half', [1, 1, 1]],
  ])('is found for an embedding %s', (_, embedding) => {
    const pair = pairOnAxes(0.01)
    const noise = shortestNoise(embedding, pair)!
    const flags = pairFlags(pair)
    const moved = Float64Array.from(embedding, (value, at) => value + noise[at]!)
    expect(flags(moved)).toBe(!flags(Float64Array.from(embedding)))
  })

  it('passes the origin where that is the nearest point of the boundary', () => {
    const pair = pairOnAxes(0.43) // The boundary is 72 degrees from w, the embedding 176.
    const embedding = [-1, 1, 0.1]
    const noise = shortestNoise(embedding, pair)!
    const flags = pairFlags(pair)
    const moved = Float64Array.from(embedding, (value, at) => value + noise[at]!)
    expect(flags(moved)).toBe(true)
    expect(Math.sqrt(dot(noise, noise))).toBeCloseTo(Math.sqrt(2.01), 5)
  })

  it('does not exist for a decision that never changes', () => {
    expect(shortestNoise([1, 2, 3], pairOnAxes(3))).toBeNull()
  })
})

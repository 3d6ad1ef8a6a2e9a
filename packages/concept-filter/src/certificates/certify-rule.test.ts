import { readFileSync } from 'node:fs'
import { createMatrix, createRandom } from '@assay/core'
import { parseNpy } from '@assay/core/formats'
import { dot } from '@assay/core/linear-algebra'
import { describe, expect, it } from 'vitest'
import { assayData } from '../__fixtures__/assay-data.js'
import { createConceptFilter } from '../filter/create-concept-filter.js'
import { conceptDirection } from '../score/concept-direction.js'
import { dimensions, randomPair, randomRows, rowOf } from './__fixtures__/random-pairs.js'
import oracle from './certificates.oracle.json' with { type: 'json' }
import { certify } from './certify.js'
import { certifyRule } from './certify-rule.js'
import type { EmbeddingRule } from './embedding-rule.js'
import { probeRadius } from './probe-radius.js'

const codeOf = (action: () => unknown) => {
  try {
    action()
  } catch (error) {
    return (error as { code?: string }).code
  }
  return undefined
}

const cosine = (one: ArrayLike<number>, other: ArrayLike<number>) =>
  dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other))

/** What a rule decides, written down apart. */
function flags(rule: EmbeddingRule, embedding: Float64Array): boolean {
  if (rule.kind === 'cosine') return cosine(embedding, rule.vector) > rule.threshold
  if (rule.kind === 'linear') return dot(embedding, rule.weights) + rule.bias > rule.threshold
  const said = rule.rules.map((part) => flags(part, embedding))
  return rule.kind === 'any' ? said.includes(true) : !said.includes(false)
}

describe('a single threshold', () => {
  it('has the distance that an optimiser finds', () => {
    for (const { x, vector, threshold, bias, ...expected } of oracle.rules) {
      const embeddings = createMatrix({ data: [x] })
      const [one] = certifyRule({ kind: 'cosine', id: 'one', vector, threshold }, embeddings)
      expect(one).toMatchObject({ flagged: expected.cosineFlagged, tightness: 'exact' })
      expect(one!.radius!).toBeCloseTo(expected.cosineRadius, 6)
      const [head] = certifyRule(
        { kind: 'linear', id: 'head', weights: vector, bias, threshold },
        embeddings,
      )
      expect(head).toMatchObject({ flagged: expected.linearFlagged, space: 'image embedding' })
      expect(head!.radius!).toBeCloseTo(expected.linearRadius, 6)
    }
    expect(oracle.rules.length).toBeGreaterThan(8)
  })

  it('certifies a concept pair written as a cosine threshold on its direction just as the pair', () => {
    const random = createRandom('same')
    const pair = randomPair(random, 64)
    const { vector, length } = conceptDirection(pair)
    const embeddings = randomRows(random, 200, 64)
    const rule = { kind: 'cosine', id: 'pair', vector, threshold: pair.threshold / length } as const
    const asPair = certify(createConceptFilter({ pairs: [pair] }), embeddings)
    certifyRule(rule, embeddings).forEach(({ radius, flagged }, row) => {
      expect(radius!).toBeCloseTo(asPair[row]!.radius!, 9)
      expect(flagged).toBe(asPair[row]!.flagged)
    })
  })

  it('has no radius where it is out of reach', () => {
    const embeddings = createMatrix({ data: [[1, 2]] })
    for (const rule of [
      { kind: 'cosine', id: 'never', vector: [1, 0], threshold: 1 },
      { kind: 'linear', id: 'blind', weights: [0, 0], bias: 1, threshold: 2 },
    ] as const) {
      expect(certifyRule(rule, embeddings)[0]).toMatchObject({
        flagged: false,
        radius: null,
        reasons: ['CONSTANT_DECISION'],
      })
    }
  })

  it('loses the drift of its encoder', () => {
    const embeddings = createMatrix({ data: [[3, 4]] })
    const rule = { kind: 'linear', id: 'head', weights: [1, 0], bias: 0, threshold: 1 } as const
    expect(certifyRule(rule, embeddings, { drift: 0.1 })[0]).toMatchObject({
      radius: 1.5,
      relativeRadius: 0.3,
      drift: 0.5,
      tightness: 'lower bound',
    })
  })
})

describe('nested rules', () => {
  it('are never beaten in 40,000 probes', () => {
    const random = createRandom('nested')
    const counts = { probes: 0, changes: 0, flagged: 0 }
    for (const columns of dimensions) {
      for (let turn = 0; turn < 40; turn += 1) {
        const vector = () => Float64Array.from({ length: columns }, random.normal)
        const one = (id: string): EmbeddingRule => ({
          kind: 'cosine',
          id,
          vector: vector(),
          threshold: (0.4 * random.normal()) / Math.sqrt(columns),
        })
        const head: EmbeddingRule = {
          kind: 'linear',
          id: 'head',
          weights: vector(),
          bias: 0,
          threshold: random.normal(),
        }
        const rule: EmbeddingRule = {
          kind: 'any',
          rules: [
            { kind: 'all', rules: [one('a'), one('b')] },
            { kind: 'all', rules: [one('c'), head, { kind: 'any', rules: [one('d'), one('e')] }] },
          ],
        }
        const embeddings = randomRows(random, 1, columns)
        const [certificate] = certifyRule(rule, embeddings)
        const { inside } = probeRadius({
          embedding: rowOf(embeddings, 0),
          radius: certificate!.radius!,
          flags: (embedding) => flags(rule, embedding),
          random,
          probes: 200,
        })
        counts.probes += inside.probes
        counts.changes += inside.changes
        counts.flagged += certificate!.flagged ? 1 : 0
      }
    }
    expect(counts).toMatchObject({ probes: 40_000, changes: 0 })
    expect(counts.flagged).toBeGreaterThan(40)
    expect(counts.flagged).toBeLessThan(160)
  })

  it('certify the Stable Diffusion safety checker with its own vectors', ({ skip }) => {
    const rule = safetyChecker()
    if (rule === null) return skip('no ASSAY_DATA')
    const random = createRandom('safety checker')
    const noise = randomRows(random, 30, 768)
    const [near] = rule.kind === 'any' && rule.rules[0]?.kind === 'cosine' ? [rule.rules[0]] : []
    const length = Math.sqrt(dot(near!.vector, near!.vector))
    const data = noise.data.map((value, at) => {
      const along = Math.floor(at / 768) % 2 === 0 ? 0.24 : 0.05
      return 15 * ((near!.vector[at % 768]! / length) * along + value / Math.sqrt(768))
    })
    const embeddings = { ...noise, data }
    let flagged = 0
    certifyRule(rule, embeddings).forEach((certificate, row) => {
      const { inside } = probeRadius({
        embedding: rowOf(embeddings, row),
        radius: certificate.radius!,
        flags: (embedding) => flags(rule, embedding),
        directions: [near!.vector, Float64Array.from(near!.vector, (value) => -value)],
        random,
        probes: 20,
      })
      expect(certificate.flagged).toBe(flags(rule, rowOf(embeddings, row)))
      expect(inside.changes).toBe(0)
      flagged += certificate.flagged ? 1 : 0
    })
    expect(flagged).toBeGreaterThan(5)
    expect(flagged).toBeLessThan(25)
    return undefined
  })
})

/** Any of 17 concepts, each at a lower threshold where one of 3 special concepts is near. */
function safetyChecker(): EmbeddingRule | null {
  const folder = assayData('concept-filter')
  if (folder === null) return null
  const read = (name: string) => {
    const { data } = parseNpy(readFileSync(`${folder}/sd-safety-checker-${name}.npy`))
    return Float64Array.from(data as ArrayLike<number>)
  }
  const rules = (vectors: string, thresholds: string): EmbeddingRule[] =>
    Array.from(read(thresholds), (threshold, at) => ({
      kind: 'cosine',
      id: `${vectors} ${at}`,
      vector: read(vectors).subarray(at * 768, (at + 1) * 768),
      threshold,
    }))
  const special: EmbeddingRule = { kind: 'any', rules: rules('special', 'special-thresholds') }
  const concepts = rules('concepts', 'thresholds')
  const lowered = concepts.map((rule) =>
    rule.kind === 'cosine' ? { ...rule, threshold: rule.threshold - 0.01 } : rule,
  )
  return {
    kind: 'any',
    rules: [
      ...concepts,
      ...lowered.map((rule) => ({ kind: 'all' as const, rules: [rule, special] })),
    ],
  }
}

describe('refusals', () => {
  const embeddings = createMatrix({ data: [[1, 2]] })
  const rule = { kind: 'cosine', id: 'one', vector: [1, 0], threshold: 0 } as const

  it.each<[string, EmbeddingRule]>([
    ['SHAPE_MISMATCH', { ...rule, vector: [1, 0, 0] }],
    ['ZERO_VECTOR', { ...rule, vector: [0, 0] }],
    ['NOT_FINITE', { ...rule, vector: [Number.NaN, 0] }],
    ['NOT_FINITE', { ...rule, threshold: Number.NaN }],
    ['NOT_FINITE', { kind: 'linear', id: 'h', weights: [1, 0], bias: Number.NaN, threshold: 0 }],
    ['EMPTY_INPUT', { kind: 'any', rules: [] }],
  ])('%s', (code, bad) => {
    expect(codeOf(() => certifyRule(bad, embeddings))).toBe(code)
  })

  it('INVALID_ARGUMENT for a drift below 0', () => {
    expect(codeOf(() => certifyRule(rule, embeddings, { drift: -1 }))).toBe('INVALID_ARGUMENT')
  })
})

import { createMatrix, createRandom } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { certifyRule } from '../certificates/certify-rule.js'
import { probeRadius } from '../certificates/probe-radius.js'
import { unitVector } from '../pairs/mean-direction.js'
import { safetyCheckerScores } from './safety-checker-scores.js'
import { type SdSafetyCheckerOptions, sdSafetyChecker } from './sd-safety-checker.js'

const random = createRandom('a small safety checker')
const [dimensions, concepts, special] = [8, 6, 2]
const rows = (count: number) =>
  createMatrix({
    columns: dimensions,
    data: Float32Array.from({ length: count * dimensions }, () => random.normal()),
  })
const weights: SdSafetyCheckerOptions = {
  concepts: rows(concepts),
  thresholds: Array.from({ length: concepts }, () => 0.45 + 0.1 * random.uniform()),
  special: rows(special),
  specialThresholds: Array.from({ length: special }, () => 0.2 + 0.1 * random.uniform()),
}

const units = (matrix: typeof weights.concepts) =>
  Array.from({ length: matrix.rows }, (_, row) =>
    unitVector(
      'row',
      Float64Array.from(matrix.data.subarray(row * dimensions, (row + 1) * dimensions)),
    ),
  )
const [conceptVectors, specialVectors] = [units(weights.concepts), units(weights.special)]

/** The decision in float64, apart from the filter's own reading of float32 rows. */
function flags(embedding: Float64Array, variant: 'torch' | 'onnx'): boolean {
  const norm = Math.hypot(...embedding)
  const cosines = (vectors: readonly Float64Array[]) =>
    vectors.map(
      (vector) => vector.reduce((sum, value, at) => sum + value * embedding[at]!, 0) / norm,
    )
  return safetyCheckerScores({
    cosines: cosines(conceptVectors),
    thresholds: weights.thresholds,
    specialCosines: cosines(specialVectors),
    specialThresholds: weights.specialThresholds,
    variant,
  }).flagged
}

describe.each(['torch', 'onnx'] as const)('a safety checker of the variant %s', (variant) => {
  const checker = sdSafetyChecker({ ...weights, variant })
  const pictures = rows(40)
  const decisions = checker.check(pictures)

  it('flags where its score is above its threshold, whatever the length of embeddings', () => {
    expect(decisions.filter(({ flagged }) => flagged).length).toBeGreaterThan(5)
    expect(decisions.filter(({ flagged }) => !flagged).length).toBeGreaterThan(5)
    const data = pictures.data.map((value) => value * 16)
    const longer = checker.check(createMatrix({ data, columns: dimensions }))
    decisions.forEach(({ flagged, score, threshold }, at) => {
      expect(flagged).toBe(score > threshold)
      expect(longer[at]).toEqual(decisions[at])
    })
  })

  it('has a rule whose certificates 40,000 probes within their radius do not refute', () => {
    expect(checker.rule).not.toBeNull()
    const certificates = certifyRule(checker.rule!, pictures)
    let probes = 0
    certificates.forEach(({ flagged, radius }, row) => {
      expect(flagged).toBe(decisions[row]?.flagged)
      const embedding = pictures.data.subarray(row * dimensions, (row + 1) * dimensions)
      const { inside } = probeRadius({
        embedding,
        radius: radius ?? 0,
        flags: (moved) => flags(moved, variant),
        directions: [...conceptVectors, ...specialVectors].flatMap((vector) => [
          vector,
          vector.map((value) => -value),
        ]),
        random,
        probes: 1000,
      })
      probes += inside.probes
      expect(inside.changes).toBe(0)
    })
    expect(probes).toBeGreaterThan(40_000)
  })

  it('has radii that mean something: noise 1.6 times as long changes some decisions', () => {
    const certificates = certifyRule(checker.rule!, pictures)
    const changes = certificates.map(({ radius }, row) => {
      const embedding = pictures.data.subarray(row * dimensions, (row + 1) * dimensions)
      return probeRadius({
        embedding,
        radius: 1.6 * (radius ?? 0),
        flags: (moved) => flags(moved, variant),
        random,
        probes: 200,
      }).inside.changes
    })
    expect(changes.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(20)
  })
})

describe('the weights of a safety checker', () => {
  it('need no special concepts, and name concepts by number where they are not the release', () => {
    const { special: _, ...rest } = weights
    const none = createMatrix({ data: new Float32Array(0), columns: dimensions })
    const checker = sdSafetyChecker({ ...rest, special: none, specialThresholds: [] })
    const [decision] = checker.check(rows(1))
    expect(decision?.concepts.map(({ name }) => name)).toEqual(['0', '1', '2', '3', '4', '5'])
    expect(certifyRule(checker.rule!, rows(3))).toHaveLength(3)
  })

  it.each([
    ['SHAPE_MISMATCH', { thresholds: [0.1] }],
    ['SHAPE_MISMATCH', { special: createMatrix({ data: [[1, 2]] }), specialThresholds: [0.1] }],
    ['ZERO_VECTOR', { concepts: createMatrix({ data: new Float32Array(48), columns: 8 }) }],
    [
      'NOT_FINITE',
      { concepts: createMatrix({ data: new Float32Array(48).fill(Number.NaN), columns: 8 }) },
    ],
  ])('are refused: %s', (code, changes) => {
    let found: unknown
    try {
      sdSafetyChecker({ ...weights, ...changes })
    } catch (error) {
      found = (error as { code?: string }).code
    }
    expect(found).toBe(code)
  })
})

import { readFileSync } from 'node:fs'
import { createMatrix, createRandom, type Matrix } from '@assay/core'
import { normalizeRows } from '@assay/core/linear-algebra'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyHead } from './apply-head.js'
import type { AttributionHead } from './attribution-head.js'
import { createAttributionHead } from './create-attribution-head.js'
import type { LinearMap } from './feature-map.js'
import { mapFromWeights } from './map-weights.js'
import { mappedFingerprint } from './mapped-fingerprint.js'

const text = readFileSync(new URL('./apply-head.oracle.json', import.meta.url), 'utf8')
const oracle = JSON.parse(text) as {
  features: number[][]
  forms: Record<
    'linear' | 'channel' | 'mlp',
    { weights: Record<string, number[]>; rows: number[][] }
  >
}

const raw = { normalized: false, fingerprint: null }

function linear(weight: ArrayLike<number>, bias: ArrayLike<number>): LinearMap {
  const outputColumns = bias.length
  const columns = weight.length / outputColumns
  const [w, b] = [Float64Array.from(weight), Float64Array.from(bias)]
  return { form: 'linear', columns, outputColumns, weight: w, bias: b }
}

const identity = (size: number) =>
  linear(
    Array.from({ length: size ** 2 }, (_, at) => Number(at % (size + 1) === 0)),
    new Array(size).fill(0),
  )

function randomMatrix(seed: number, rows: number, columns: number): Matrix {
  const { normal } = createRandom(seed)
  return createMatrix({ data: Float32Array.from({ length: rows * columns }, normal), columns })
}

/** A head of two different maps near the identity. */
async function randomHead(seed: number, columns: number): Promise<AttributionHead> {
  const { normal } = createRandom(seed)
  const map = () => {
    const { weight, bias } = identity(columns)
    return linear(
      weight.map((value) => value + 0.3 * normal()),
      bias.map(() => 0.3 * normal()),
    )
  }
  return createAttributionHead({ real: map(), synthetic: map(), expects: raw })
}

function cosines(queries: Matrix, keys: Matrix): number[] {
  return Array.from({ length: queries.rows * keys.rows }, (_, at) => {
    const [query, key] = [Math.floor(at / keys.rows), at % keys.rows]
    let sum = 0
    for (let k = 0; k < keys.columns; k++) {
      sum += queries.data[query * keys.columns + k]! * keys.data[key * keys.columns + k]!
    }
    return sum
  })
}

function expectClose(values: readonly number[], others: readonly number[]): void {
  expect(values).toHaveLength(others.length)
  values.forEach((value, at) => {
    expect(Math.abs(value - others[at]!)).toBeLessThan(1e-6)
  })
}

describe('applyHead', () => {
  it.each(['linear', 'channel', 'mlp'] as const)('maps as PyTorch does: %s', async (form) => {
    const { weights, rows } = oracle.forms[form]
    const named = Object.entries(weights).map(
      ([name, values]) => [name, Float64Array.from(values)] as const,
    )
    const head = await createAttributionHead({
      real: mapFromWeights(form, new Map(named)),
      expects: raw,
    })
    const features = createMatrix({ data: oracle.features })
    const mapped = applyHead({ head, side: 'synthetic', features })
    const expected = rows.flat()
    expect([mapped.rows, mapped.columns]).toEqual([rows.length, rows[0]?.length])
    mapped.data.forEach((value, at) => {
      expect(Math.abs(value - expected[at]!)).toBeLessThan(1e-7)
    })
  })

  it('gives what no head gives where both maps are the identity, bit for bit', async () => {
    const head = await createAttributionHead({ real: identity(33), expects: raw })
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 200 }), (seed, rows) => {
        const features = randomMatrix(seed, rows, 33)
        const mapped = applyHead({ head, side: 'real', features })
        expect(mapped.data).toEqual(normalizeRows(features).data)
      }),
      { seed: 1, numRuns: 20 },
    )
  })

  it('does not see the scale of raw features where there is no bias', async () => {
    const { real } = await randomHead(3, 16)
    const { weight } = real as LinearMap
    const head = await createAttributionHead({
      real: linear(weight, new Float64Array(16)),
      expects: raw,
    })
    const [queries, keys] = [randomMatrix(4, 5, 16), randomMatrix(5, 9, 16)]
    const scores = (factor: number) => {
      const mapped = [queries, keys].map((features) =>
        applyHead({
          head,
          side: 'real',
          features: { ...features, data: features.data.map((value) => factor * value) },
        }),
      )
      return cosines(mapped[0]!, mapped[1]!)
    }
    for (const factor of [1e-3, 7, 1e4]) expectClose(scores(factor), scores(1))
  })

  it('changes no score by one rotation for both sides', async () => {
    // Givens rotations, one after the other, are a rotation.
    const size = 12
    const { uniform } = createRandom(9)
    const { weight } = identity(size)
    for (let turn = 0; turn < 40; turn++) {
      const [a, b] = [turn % size, (turn * 5 + 1) % size]
      if (a === b) continue
      const angle = 2 * Math.PI * uniform()
      const [cosine, sine] = [Math.cos(angle), Math.sin(angle)]
      for (let k = 0; k < size; k++) {
        const [x, y] = [weight[a * size + k]!, weight[b * size + k]!]
        weight[a * size + k] = cosine * x - sine * y
        weight[b * size + k] = sine * x + cosine * y
      }
    }
    const head = await createAttributionHead({
      real: linear(weight, new Float64Array(size)),
      expects: raw,
    })
    const [queries, keys] = [randomMatrix(10, 6, size), randomMatrix(11, 20, size)]
    const mapped = [queries, keys].map((features) => applyHead({ head, side: 'real', features }))
    expectClose(
      cosines(mapped[0]!, mapped[1]!),
      cosines(normalizeRows(queries), normalizeRows(keys)),
    )
  })

  it("does not let a row's result depend on the rows beside it", async () => {
    const head = await randomHead(6, 21)
    const features = randomMatrix(7, 131, 21)
    const whole = applyHead({ head, side: 'real', features })
    for (const row of [0, 1, 63, 64, 130]) {
      const data = features.data.slice(row * 21, (row + 1) * 21)
      const alone = applyHead({ head, side: 'real', features: createMatrix({ data, columns: 21 }) })
      expect(alone.data).toEqual(whole.data.slice(row * 21, (row + 1) * 21))
    }
  })

  it('keeps ids and says what space the rows are in', async () => {
    const head = await randomHead(1, 2)
    const features = createMatrix({ data: [[1, 2]], ids: ['a'] })
    const mapped = applyHead({ head, side: 'real', features })
    expect(mapped).toMatchObject({ ids: ['a'], normalized: true, rows: 1, columns: 2 })
    expect(mapped.fingerprint).toBe(mappedFingerprint(head, 'real'))
    expect(applyHead({ head, side: 'synthetic', features }).fingerprint).not.toBe(
      mapped.fingerprint,
    )
  })

  it.each<[string, Parameters<typeof createMatrix>[0], string]>([
    ['of another width', { data: [[1, 2, 3]] }, 'SHAPE_MISMATCH'],
    ['of another space', { data: [[1, 2]], fingerprint: 'dino' }, 'FINGERPRINT_MISMATCH'],
    ['that are normalised', { data: [[0.6, 0.8]], normalized: true }, 'NORMALIZATION_MISMATCH'],
    ['with NaN', { data: [[1, Number.NaN]], ids: ['bad'] }, 'NOT_FINITE'],
    ['that are zero', { data: [[0, 0]], ids: ['bad'] }, 'ZERO_VECTOR'],
  ])('refuses features %s', async (_, options, code) => {
    const { real, synthetic } = await randomHead(2, 2)
    const expects = { normalized: false, fingerprint: 'clip' }
    const head = await createAttributionHead({ real, synthetic, expects })
    const features = createMatrix(options)
    const thrown = expect.objectContaining({ code })
    expect(() => applyHead({ head, side: 'real', features })).toThrow(thrown)
    if (!options.ids) return
    const place = expect.objectContaining({ location: { row: 0, id: 'bad' } })
    expect(() => applyHead({ head, side: 'real', features })).toThrow(place)
  })

  it('refuses features that a head has mapped', async () => {
    const { real, synthetic } = await randomHead(2, 2)
    const expects = { normalized: true, fingerprint: null }
    const head = await createAttributionHead({ real, synthetic, expects })
    const features = createMatrix({ data: [[0.6, 0.8]], normalized: true })
    const mapped = applyHead({ head, side: 'real', features })
    expect(() => applyHead({ head, side: 'real', features: mapped })).toThrow(
      expect.objectContaining({ code: 'FINGERPRINT_MISMATCH' }),
    )
  })

  it('keeps rows without direction as zeros where that is wanted, whatever the bias', async () => {
    const head = await randomHead(2, 2)
    const features = createMatrix({
      data: [
        [1, 2],
        [0, 0],
        [3, 1],
      ],
    })
    const mapped = applyHead({ head, side: 'real', features, zeroRows: 'keep' })
    expect([...mapped.data.slice(2, 4)]).toEqual([0, 0])
    expect(Math.hypot(...mapped.data.slice(4))).toBeCloseTo(1, 6)
    // The image of this row is zero, though the row is not.
    const flat = await createAttributionHead({ real: linear([1, 0, 0, 0], [0, 0]), expects: raw })
    const lost = createMatrix({ data: [[0, 5]] })
    expect(() => applyHead({ head: flat, side: 'real', features: lost })).toThrow(
      expect.objectContaining({ code: 'ZERO_VECTOR' }),
    )
  })
})

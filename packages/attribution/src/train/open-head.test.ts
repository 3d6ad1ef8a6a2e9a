import { createMatrix, createRandom, type Engine } from '@assay/core'
import { normalizeRows } from '@assay/core/linear-algebra'
import { createEngine } from '@assay/tensor'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyHead } from '../head/apply-head.js'
import { createAttributionHead } from '../head/create-attribution-head.js'
import type { FeatureMap } from '../head/feature-map.js'
import { identityTensor } from './filled-tensor.js'
import { openHead } from './open-head.js'

const { normal, uniform } = createRandom(1)
const normals = (length: number) => Float32Array.from({ length }, normal)
const uniforms = (length: number) => Float32Array.from({ length }, uniform)
const expects = { normalized: false, fingerprint: null }
const columns = 24

const maps: Record<FeatureMap['form'], () => FeatureMap> = {
  linear: () => ({
    form: 'linear',
    columns,
    outputColumns: 10,
    weight: normals(columns * 10),
    bias: normals(10),
  }),
  channel: () => ({ form: 'channel', columns, outputColumns: columns, scale: normals(columns) }),
  mlp: () => ({
    form: 'mlp',
    columns,
    outputColumns: 5,
    layers: [
      {
        weight: normals(12 * columns),
        mean: normals(12),
        variance: uniforms(12),
        scale: normals(12),
        shift: normals(12),
      },
      {
        weight: normals(5 * 12),
        mean: normals(5),
        variance: uniforms(5),
        scale: null,
        shift: null,
      },
    ],
  }),
}

describe('openHead', () => {
  let engine: Engine
  beforeAll(() => {
    engine = createEngine({ threads: 1 })
  })
  afterAll(() => engine.close())

  const features = createMatrix({
    data: normals(50 * columns),
    columns,
    ids: Array.from({ length: 50 }, (_, row) => `p${row}`),
  })

  it.each(['linear', 'channel', 'mlp'] as const)('gives what applyHead gives: %s', async (form) => {
    const head = await createAttributionHead({
      real: maps[form](),
      synthetic: maps[form](),
      expects,
    })
    for (const side of ['real', 'synthetic'] as const) {
      const opened = await openHead({ head, side, engine, blockRows: 16 })
      const { data, ...rest } = await opened.map(features)
      await opened.close()
      const { data: expected, ...description } = applyHead({ head, side, features })
      expect(rest).toEqual(description)
      data.forEach((value, at) => {
        expect(Math.abs(value - expected[at]!)).toBeLessThan(2e-6)
      })
    }
  })

  it('gives what no head gives where the map is the identity, bit for bit', async () => {
    const weight = identityTensor('float32', columns).data
    const bias = new Float32Array(columns)
    const real: FeatureMap = { form: 'linear', columns, outputColumns: columns, weight, bias }
    const head = await createAttributionHead({ real, expects })
    const opened = await openHead({ head, side: 'synthetic', engine })
    const { data } = await opened.map(features)
    await opened.close()
    expect(data).toEqual(normalizeRows(features).data)
  })

  it('leaves its features as they were, and refuses what applyHead refuses', async () => {
    const head = await createAttributionHead({ real: maps.linear(), expects })
    const opened = await openHead({ head, side: 'real', engine, blockRows: 2 })
    const before = features.data.slice()
    await opened.map(features)
    expect(features.data).toEqual(before)
    const zero = createMatrix({ data: new Float32Array(3 * columns).fill(1, 0, columns), columns })
    await expect(opened.map(zero)).rejects.toMatchObject({
      code: 'ZERO_VECTOR',
      location: { row: 1, id: '1' },
    })
    const kept = await opened.map(zero, { zeroRows: 'keep' })
    expect([...kept.data.subarray(10)]).toEqual(new Array(20).fill(0))
    const bad = createMatrix({ data: new Float32Array(columns).fill(Number.NaN), columns })
    await expect(opened.map(bad)).rejects.toMatchObject({ code: 'NOT_FINITE' })
    await expect(opened.map({ ...features, normalized: true })).rejects.toMatchObject({
      code: 'NORMALIZATION_MISMATCH',
    })
    await expect(opened.map(features, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ABORTED',
    })
    await opened.close()
  })
})

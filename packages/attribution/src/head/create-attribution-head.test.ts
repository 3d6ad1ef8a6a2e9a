import { describe, expect, it } from 'vitest'
import type { AttributionHead } from './attribution-head.js'
import { createAttributionHead } from './create-attribution-head.js'
import type { ChannelMap, FeatureMap, LinearMap, MlpMap } from './feature-map.js'
import { mapFromWeights, weightsOf } from './map-weights.js'
import { assertMappedBy, mappedFingerprint } from './mapped-fingerprint.js'

const expects = { normalized: false, fingerprint: 'clip' }
const linear: LinearMap = {
  form: 'linear',
  columns: 2,
  outputColumns: 2,
  weight: Float32Array.of(1, 0.5, 0, 1),
  bias: Float32Array.of(0.25, 0),
}
const other: LinearMap = { ...linear, bias: Float32Array.of(0, 0) }
const channel: ChannelMap = {
  form: 'channel',
  columns: 2,
  outputColumns: 2,
  scale: Float32Array.of(1, 2),
}
const mlp: MlpMap = {
  form: 'mlp',
  columns: 2,
  outputColumns: 1,
  layers: [
    {
      weight: Float32Array.of(1, 2),
      mean: Float32Array.of(0),
      variance: Float32Array.of(1),
      scale: null,
      shift: null,
    },
  ],
}

describe('createAttributionHead', () => {
  it('says what it is and expects', async () => {
    const head = await createAttributionHead({ real: linear, synthetic: other, expects })
    expect(head).toMatchObject({
      ...{ specificationVersion: 1, form: 'linear', shared: false, provenance: null },
      expects: { columns: 2, normalized: false, fingerprint: 'clip' },
    })
    expect(await createAttributionHead({ real: linear, expects })).toMatchObject({ shared: true })
  })

  it('has one fingerprint for equal heads, and another for each that differs', async () => {
    const fingerprint = async (options: Parameters<typeof createAttributionHead>[0]) =>
      (await createAttributionHead(options)).fingerprint
    const head = await fingerprint({ real: linear, synthetic: other, expects })
    expect(head).toMatch(/^attribution-head:[0-9a-f]{64}$/)
    const doubles = { ...linear, weight: Float64Array.from(linear.weight) }
    expect(await fingerprint({ real: doubles, synthetic: { ...other }, expects })).toBe(head)
    const others = await Promise.all([
      fingerprint({ real: other, synthetic: linear, expects }),
      fingerprint({ real: linear, expects }),
      fingerprint({ real: linear, synthetic: { ...linear }, expects }),
      fingerprint({ real: linear, synthetic: other, expects: { ...expects, normalized: true } }),
      fingerprint({ real: linear, synthetic: other, expects: { ...expects, fingerprint: null } }),
    ])
    expect(new Set([head, ...others]).size).toBe(6)
  })

  it.each<[string, FeatureMap, FeatureMap | undefined, string]>([
    ['sides of two forms', linear, channel, 'INVALID_ARGUMENT'],
    ['sides of two widths', mlp, { ...mlp, columns: 1, layers: [] }, 'SHAPE_MISMATCH'],
    ['a cut weight', { ...linear, weight: Float32Array.of(1) }, undefined, 'SHAPE_MISMATCH'],
    ['no columns', { ...linear, columns: 0 }, undefined, 'SHAPE_MISMATCH'],
    ['a channel map that widens', { ...channel, outputColumns: 3 }, undefined, 'SHAPE_MISMATCH'],
    [
      'layers that do not give what it says',
      { ...mlp, outputColumns: 2 },
      undefined,
      'SHAPE_MISMATCH',
    ],
    ['a NaN', { ...linear, bias: Float32Array.of(0, Number.NaN) }, undefined, 'NOT_FINITE'],
    [
      'a negative variance',
      { ...mlp, layers: mlp.layers.map((layer) => ({ ...layer, variance: Float32Array.of(-1) })) },
      undefined,
      'INVALID_ARGUMENT',
    ],
  ])('refuses %s', async (_, real, synthetic, code) => {
    const options = { real, expects, ...(synthetic && { synthetic }) }
    await expect(createAttributionHead(options)).rejects.toMatchObject({ code })
  })

  it('refuses sides that give different numbers of columns', async () => {
    const wide = {
      ...linear,
      outputColumns: 1,
      weight: Float32Array.of(1, 2),
      bias: Float32Array.of(0),
    }
    await expect(
      createAttributionHead({ real: linear, synthetic: wide, expects }),
    ).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' })
  })
})

describe('mapFromWeights', () => {
  it.each([linear, channel, mlp])('reads what weightsOf gives: $form', (map) => {
    const weights = new Map(weightsOf(map).map(({ name, values }) => [name, values]))
    expect(mapFromWeights(map.form, weights)).toEqual(map)
    const [first] = weights.keys()
    weights.delete(first ?? '')
    expect(() => mapFromWeights(map.form, weights)).toThrow(
      expect.objectContaining({ code: 'MISSING_INPUT', value: first }),
    )
  })
})

describe('assertMappedBy', () => {
  const features = (head: AttributionHead, side: 'real' | 'synthetic') => ({
    columns: 2,
    fingerprint: mappedFingerprint(head, side),
  })

  it('tells the sides of a head apart, but for a shared one', async () => {
    const head = await createAttributionHead({ real: linear, synthetic: other, expects })
    const shared = await createAttributionHead({ real: linear, expects })
    const mismatch = expect.objectContaining({ code: 'FINGERPRINT_MISMATCH' })
    assertMappedBy({ head, side: 'real', features: features(head, 'real') })
    assertMappedBy({ head: shared, side: 'real', features: features(shared, 'synthetic') })
    const refused = [
      { head, side: 'real', features: features(head, 'synthetic') },
      { head, side: 'synthetic', features: features(head, 'real') },
      { head, side: 'real', features: features(shared, 'real') },
      { head, side: 'real', features: { columns: 2, fingerprint: 'clip' } },
      { head, side: 'real', features: { columns: 2, fingerprint: null } },
    ] as const
    for (const options of refused) expect(() => assertMappedBy(options)).toThrow(mismatch)
    const wide = { ...features(head, 'real'), columns: 3 }
    expect(() => assertMappedBy({ head, side: 'real', features: wide })).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    )
  })
})

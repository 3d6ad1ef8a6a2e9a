import { AssayError } from '@assay/core'
import { assertFeatureMap } from './assert-feature-map.js'
import type { AttributionHead, HeadExpectations, HeadProvenance } from './attribution-head.js'
import { contentHash } from './content-hash.js'
import type { FeatureMap } from './feature-map.js'
import { weightsOf } from './map-weights.js'
import { headPrefix } from './mapped-fingerprint.js'

/** What a head is made from. */
export interface CreateAttributionHeadOptions {
  /** Map of real pictures. Kept, not copied. */
  readonly real: FeatureMap
  /** Map of synthetic pictures. Default: that of real ones, a shared head. */
  readonly synthetic?: FeatureMap
  /** What the head was trained on. `columns` is that of the maps. */
  readonly expects: Pick<HeadExpectations, 'normalized' | 'fingerprint'>
  /** How it was trained. Default: null, not known. */
  readonly provenance?: HeadProvenance | null
}

/**
 * A head from its maps, checked and fingerprinted.
 *
 * @throws AssayError `SHAPE_MISMATCH` (weights of other lengths than their map says, or sides that take
 *   or give different numbers of columns), `NOT_FINITE`, `INVALID_ARGUMENT` (sides of two forms)
 */
export async function createAttributionHead({
  real,
  synthetic = real,
  expects,
  provenance = null,
}: CreateAttributionHeadOptions): Promise<AttributionHead> {
  assertFeatureMap('real', real)
  assertFeatureMap('synthetic', synthetic)
  assertSides(real, synthetic)
  const head = {
    specificationVersion: 1,
    form: real.form,
    shared: synthetic === real,
    real,
    synthetic,
    expects: { columns: real.columns, ...expects },
    provenance,
  } as const
  return { ...head, fingerprint: await fingerprintOf(head) }
}

function assertSides(real: FeatureMap, synthetic: FeatureMap): void {
  if (real.form !== synthetic.form) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `A head cannot have a ${real.form} map and a ${synthetic.form} map.`,
      value: [real.form, synthetic.form],
      remedy: 'Give two maps of one form.',
    })
  }
  const same = real.columns === synthetic.columns && real.outputColumns === synthetic.outputColumns
  if (same) return
  const shape = (map: FeatureMap) => `${map.columns} → ${map.outputColumns}`
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `The real map (${shape(real)}) and the synthetic map (${shape(synthetic)}) differ.`,
    value: [shape(real), shape(synthetic)],
    remedy: 'Give two maps that take and give equally many columns.',
  })
}

async function fingerprintOf(head: Omit<AttributionHead, 'fingerprint'>): Promise<string> {
  const { form, shared, real, synthetic, expects } = head
  const sides = shared ? [real] : [real, synthetic]
  const weights = sides.flatMap(weightsOf)
  const { columns, outputColumns } = real
  const shapes = weights.map(({ name, shape }) => [name, shape])
  // Field by field: the order in which the caller wrote them must not count.
  const expected = [expects.normalized, expects.fingerprint]
  const description = { form, shared, columns, outputColumns, expected, shapes }
  const hash = await contentHash([
    JSON.stringify(description),
    ...weights.map(({ values }) => Float64Array.from(values)),
  ])
  return `${headPrefix}${hash}`
}

import { AssayError, createMatrix } from '@assay/core'
import { assertFinite } from '@assay/core/linear-algebra'
import { nearTo } from './references-in-memory.js'
import type { ShieldReferences } from './shield-references.js'

/** What a bank holds. */
export interface ReferenceBankOptions {
  /** Numbers of a picture in the sampler's space, a whole number of at least 1. */
  readonly dimensions: number
  /** Names the space. Default: null, not known. */
  readonly fingerprint?: string | null
}

/** References that grow: finished pictures that later ones keep away from. */
export interface ReferenceBank extends ShieldReferences {
  /**
   * Keeps copies of further pictures, in the sampler's own space.
   *
   * @throws AssayError `SHAPE_MISMATCH`, `NOT_FINITE`; then none of them is kept
   */
  add(pictures: readonly ArrayLike<number>[]): void
}

/**
 * An empty bank, for the pictures of earlier batches of one prompt: with it, small batches are as varied as
 * large ones.
 *
 * @throws AssayError `INVALID_ARGUMENT`
 *
 * Source: Kirchhof et al., Shielded Diffusion (2025), the intra-batch form with earlier batches.
 */
export function createReferenceBank(options: ReferenceBankOptions): ReferenceBank {
  const { dimensions, fingerprint = null } = options
  const kept: Float32Array[] = []
  assertDimensions(dimensions)
  return {
    get size() {
      return kept.length
    },
    dimensions,
    fingerprint,
    within: async (points, { radius }) => points.map((point) => nearTo(point, kept, radius)),
    add(pictures) {
      const added = pictures.map((picture) => Float32Array.from(picture))
      for (const [row, data] of added.entries()) assertPicture(data, row, dimensions)
      kept.push(...added)
    },
  }
}

function assertPicture(data: Float32Array, row: number, dimensions: number): void {
  if (data.length !== dimensions) {
    throw new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `A picture of ${data.length} numbers does not fit a bank of ${dimensions}.`,
      value: data.length,
      remedy: "Add pictures in the sampler's own space, as its predictions are.",
      location: { row },
    })
  }
  assertFinite(createMatrix({ data, columns: dimensions }))
}

function assertDimensions(dimensions: number): void {
  if (Number.isSafeInteger(dimensions) && dimensions >= 1) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `A bank cannot hold pictures of ${dimensions} numbers.`,
    value: dimensions,
    remedy: 'Give the length of one prediction, a whole number of at least 1.',
  })
}

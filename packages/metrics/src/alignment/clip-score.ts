import { AssayError, assertComparable, type Matrix } from '@assay/core'
import { assertUsable } from '../kernels/assert-usable.js'
import { unitRows } from '../kernels/unit-rows.js'

/** Options of the CLIP score. */
export interface ClipScoreOptions {
  /**
   * `cosine` in [-1, 1], or `rescaled`: 2.5 times the cosine and at least 0, as the paper prints it,
   * in [0, 2.5]. Default: `cosine`
   */
  readonly form?: 'cosine' | 'rescaled'
}

/** The mean score of a set, and the score of each pair. */
export interface ClipScore {
  readonly score: number
  /** One value a picture. */
  readonly byPicture: Float64Array
}

/**
 * How well pictures match their prompts: the mean cosine of picture and prompt embeddings in a joint
 * space. Means of different encoders cannot be compared.
 *
 * Hessel et al. 2021, "CLIPScore: A Reference-free Evaluation Metric for Image Captioning", section 3.
 *
 * @param pictures one row a picture
 * @param prompts the prompt of each picture, in the same order
 * @throws AssayError `EMPTY_INPUT`, `SHAPE_MISMATCH` (rows or columns), `FINGERPRINT_MISMATCH`,
 *   `ZERO_VECTOR`, `NOT_FINITE`
 */
export function clipScore(
  pictures: Matrix,
  prompts: Matrix,
  { form = 'cosine' }: ClipScoreOptions = {},
): ClipScore {
  assertComparable(pictures, prompts)
  if (pictures.rows !== prompts.rows) {
    throw new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `${pictures.rows} pictures cannot be paired with ${prompts.rows} prompts.`,
      value: [pictures.rows, prompts.rows],
      remedy: 'Pass one prompt row a picture; leave out pictures without a prompt.',
    })
  }
  assertUsable(pictures, { name: 'pictures' })
  const cosines = pairedCosines(pictures, prompts)
  const byPicture = form === 'cosine' ? cosines : cosines.map((cosine) => 2.5 * Math.max(0, cosine))
  return { score: byPicture.reduce((sum, score) => sum + score, 0) / pictures.rows, byPicture }
}

function pairedCosines(one: Matrix, other: Matrix): Float64Array {
  const { data: a, rows, columns } = unitRows(one)
  const { data: b } = unitRows(other)
  const cosines = new Float64Array(rows)
  for (let at = 0; at < a.length; at++) cosines[Math.floor(at / columns)]! += a[at]! * b[at]!
  return cosines.map((cosine) => Math.min(1, Math.max(-1, cosine)))
}

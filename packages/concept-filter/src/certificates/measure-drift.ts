import { AssayError, type Matrix } from '@assay/core'
import { rowNorms } from '@assay/core/linear-algebra'

/** How far two builds of an encoder are apart, over the same pictures. */
export interface DriftReport {
  /**
   * Largest distance between the unit embeddings of one picture, 2 sin(angle / 2), in [0, 2]: what
   * {@link createConceptFilter} takes as `drift`.
   */
  readonly direction: Drift
  /**
   * Largest distance between the raw embeddings of one picture, as a share of the smaller length: what a
   * linear head, which sees lengths, needs as `drift`.
   */
  readonly raw: Drift
  readonly pictures: number
  /**
   * Chance that one more picture of the same kind drifts more than the largest measured one: at most
   * 1 / (pictures + 1). The drift is measured, not proven; certificates are as good as this.
   */
  readonly chanceOfMore: number
}

/** Relative distances over pictures. */
export interface Drift {
  readonly largest: number
  readonly median: number
  /** Id of the picture that drifts most. */
  readonly worst: string
}

/**
 * Measures how far two builds of one encoder are apart: two runtimes, two preprocessings, quantised weights
 * beside full ones. A certificate made with one build holds for the other with this much taken off.
 *
 * @param one embeddings by the build that decides
 * @param other embeddings of the same pictures by the other build, in the same order; its fingerprint may differ
 * @throws AssayError `SHAPE_MISMATCH` (rows, columns, ids), `EMPTY_INPUT`, `ZERO_VECTOR`, `NOT_FINITE`
 *
 * Source for `chanceOfMore`: exchangeability, the split-conformal argument.
 */
export function measureDrift(one: Matrix, other: Matrix): DriftReport {
  assertSamePictures(one, other)
  const lengths = [rowNorms(one), rowNorms(other)] as const
  const rows = Array.from({ length: one.rows }, (_, row) => row)
  const scaled = (scales: (row: number) => readonly [number, number]) =>
    rows.map((row) => rowDistance({ one, other, row, scales: scales(row) }))
  const shortest = (row: number) => 1 / Math.min(lengths[0][row] ?? 0, lengths[1][row] ?? 0)
  return {
    direction: summary(
      scaled((row) => [1 / (lengths[0][row] ?? 0), 1 / (lengths[1][row] ?? 0)]),
      one,
    ),
    raw: summary(
      scaled((row) => [shortest(row), shortest(row)]),
      one,
    ),
    pictures: one.rows,
    chanceOfMore: 1 / (one.rows + 1),
  }
}

interface RowPair {
  readonly one: Matrix
  readonly other: Matrix
  readonly row: number
  readonly scales: readonly [number, number]
}

function rowDistance({ one, other, row, scales }: RowPair): number {
  const [first, second] = scales
  let squares = 0
  for (let at = row * one.columns; at < (row + 1) * one.columns; at += 1) {
    squares += (one.data[at]! * first - other.data[at]! * second) ** 2
  }
  return Math.sqrt(squares)
}

function summary(distances: readonly number[], { ids }: Matrix): Drift {
  const sorted = Float64Array.from(distances).sort()
  const largest = sorted.at(-1) ?? 0
  const worst = distances.indexOf(largest)
  const middle = (sorted.length - 1) / 2
  const median = ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2
  return { largest, median, worst: ids?.[worst] ?? String(worst) }
}

function assertSamePictures(one: Matrix, other: Matrix): void {
  if (one.rows === 0) throw noPictures()
  if (one.rows !== other.rows || one.columns !== other.columns) {
    throw otherPictures([other.rows, other.columns])
  }
  const strange = one.ids && other.ids?.find((id, row) => id !== one.ids?.[row])
  if (strange) throw otherPictures(strange)
}

const noPictures = () =>
  new AssayError({
    code: 'EMPTY_INPUT',
    message: 'Drift cannot be measured without pictures.',
    value: 0,
    remedy: 'Embed some hundred pictures with both builds.',
  })

const otherPictures = (value: unknown) =>
  new AssayError({
    code: 'SHAPE_MISMATCH',
    message: 'The two builds did not embed the same pictures.',
    value,
    remedy: 'Embed the same pictures with both builds, in the same order.',
  })

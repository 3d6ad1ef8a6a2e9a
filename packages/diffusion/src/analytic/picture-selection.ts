import { AssayError, closestName } from '@assay/core'
import type { PictureBank } from './picture-bank.js'

/** Which pictures of a bank count, and how much. */
export interface PictureSelection {
  /** Ids of the only pictures that count. Default: all */
  readonly include?: Iterable<string>
  /** Ids of pictures that do not count. Default: none */
  readonly exclude?: Iterable<string>
  /** Factors of pictures' prior weights by id, at least 0. Default: 1 each */
  readonly weights?: ReadonlyMap<string, number>
}

/**
 * One factor a picture; 0 for those that do not count.
 *
 * @throws AssayError `INVALID_ARGUMENT` for an unknown id or a bad weight, `EMPTY_INPUT` where no
 *   picture is left
 */
export function selectionWeights(
  { captions }: PictureBank,
  { include, exclude = [], weights = new Map() }: PictureSelection,
): Float64Array {
  const rows = new Map(captions.map(({ id }, row) => [id, row]))
  const rowOf = (id: string): number => {
    const row = rows.get(id)
    if (row === undefined) throw unknown(id, rows)
    return row
  }
  const factors = new Float64Array(captions.length).fill(include ? 0 : 1)
  for (const id of include ?? []) factors[rowOf(id)] = 1
  for (const [id, weight] of weights) {
    if (!(weight >= 0 && weight < Infinity)) throw badWeight(id, weight)
    factors[rowOf(id)]! *= weight
  }
  for (const id of exclude) factors[rowOf(id)] = 0
  if (factors.some((factor) => factor > 0)) return factors
  throw new AssayError({
    code: 'EMPTY_INPUT',
    message: 'No picture of the bank is left to draw from.',
    value: captions.length,
    remedy: 'Leave at least one picture in, with a weight above 0.',
  })
}

function unknown(id: string, rows: ReadonlyMap<string, number>): AssayError {
  const closest = closestName(id, [...rows.keys()])
  return new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The bank has no picture ${JSON.stringify(id)}.`,
    value: id,
    remedy: closest ? `Did you mean ${closest}?` : 'Use ids of the bank’s captions.',
    location: { id },
  })
}

const badWeight = (id: string, weight: number): AssayError =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The weight of ${id} is ${weight}.`,
    value: weight,
    remedy: 'Pass a finite factor of at least 0; 0 leaves the picture out.',
    location: { id },
  })

import { AssayError, assertComparable, type Matrix } from '@assay/core'
import type { ClusterId } from '@assay/core/statistics'
import { assertSameLength } from '../measures/assert-same-length.js'
import type { ConceptPair } from '../pairs/concept-pair.js'
import type { TuningPictures, TuningSide } from './tuning-pictures.js'
import { selectUnitRows, type UnitRows, unitRows } from './unit-rows.js'

/** A side whose rows are unit, with its lists as they came. */
export interface PreparedSide {
  readonly pictures: UnitRows
  readonly prompts: readonly ClusterId[] | undefined
  readonly groups: readonly string[] | undefined
  readonly texts: UnitRows | undefined
}

/** Both sides, ready for tuning. */
export interface PreparedPictures {
  readonly unacceptable: PreparedSide
  readonly acceptable: PreparedSide
}

/**
 * Checks pictures against the pair that they tune, and makes their rows unit.
 *
 * @throws AssayError `EMPTY_INPUT`, `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`, `ZERO_VECTOR`, `NOT_FINITE`
 */
export function preparePictures(
  pair: ConceptPair,
  { unacceptable, acceptable }: TuningPictures,
): PreparedPictures {
  return {
    unacceptable: prepareSide(pair, 'unacceptable', unacceptable),
    acceptable: prepareSide(pair, 'acceptable', acceptable),
  }
}

function prepareSide(pair: ConceptPair, name: string, side: TuningSide): PreparedSide {
  const { embeddings, prompts, groups, promptEmbeddings } = side
  if (embeddings.rows === 0) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: `There is no ${name} picture to tune "${pair.id}" with.`,
      value: name,
      remedy: 'Give pictures of both sides; some 200 a side tell a direction well.',
    })
  }
  const space = { columns: pair.unacceptable.vector.length, fingerprint: pair.fingerprint }
  const inSpace = (matrix: Matrix) => {
    assertComparable(space, matrix)
    return unitRows(matrix)
  }
  assertSameLength(embeddings.rows, {
    prompts,
    groups,
    promptEmbeddings: promptEmbeddings && { length: promptEmbeddings.rows },
  })
  return {
    pictures: inSpace(embeddings),
    prompts,
    groups,
    texts: promptEmbeddings && inSpace(promptEmbeddings),
  }
}

/** The pictures with these row numbers. */
export function selectPictures(
  { unacceptable, acceptable }: PreparedPictures,
  rows: { readonly unacceptable: readonly number[]; readonly acceptable: readonly number[] },
): PreparedPictures {
  return {
    unacceptable: selectSide(unacceptable, rows.unacceptable),
    acceptable: selectSide(acceptable, rows.acceptable),
  }
}

function selectSide({ pictures, prompts, groups, texts }: PreparedSide, rows: readonly number[]) {
  const pick = <Item>(list: readonly Item[] | undefined) => list && rows.map((row) => list[row]!)
  return {
    pictures: selectUnitRows(pictures, rows),
    prompts: pick(prompts),
    groups: pick(groups),
    texts: texts && selectUnitRows(texts, rows),
  }
}

import { AssayError, type Matrix } from '@assay/core'
import type { ConceptPair } from '../pairs/concept-pair.js'
import type { ConceptDecision } from './concept-decision.js'
import type { ConceptFilter, ConceptFilterOptions } from './concept-filter.js'
import { decidePair, type PreparedPair, preparePair } from './decide-pair.js'
import { directionProducts, type PackedDirections, packDirections } from './direction-products.js'
import { rowLength, rowProduct } from './embedding-products.js'

/**
 * A filter of one pair or several.
 *
 * @throws AssayError `EMPTY_INPUT` without pairs, `DUPLICATE_ID`, `SHAPE_MISMATCH` or
 *   `FINGERPRINT_MISMATCH` between pairs, `INVALID_ARGUMENT` (floor, drift)
 */
export function createConceptFilter(options: ConceptFilterOptions): ConceptFilter {
  const { pairs, relevanceFloor = null, drift = 0 } = options
  assertPairs(pairs)
  assertRange('The relevance floor', relevanceFloor ?? 0, -1)
  assertRange('The drift', drift, 0)
  const prepared = pairs.map((pair) => preparePair(pair, relevanceFloor))
  const directions = packDirections(prepared.map(({ direction }) => direction))
  const parts = { prepared, directions, relevanceFloor, drift }
  return {
    pairs,
    relevanceFloor,
    drift,
    check(embeddings) {
      assertSpace(embeddings, pairs[0] as ConceptPair)
      return Array.from({ length: embeddings.rows }, (_, row) => decide(embeddings, row, parts))
    },
  }
}

interface FilterParts {
  readonly prepared: readonly PreparedPair[]
  readonly directions: PackedDirections
  readonly relevanceFloor: number | null
  readonly drift: number
}

function decide(embeddings: Matrix, row: number, parts: FilterParts): ConceptDecision {
  const { prepared, directions, relevanceFloor, drift } = parts
  const { data, columns, ids } = embeddings
  const id = ids?.[row] ?? String(row)
  const norm = rowLength(embeddings, row)
  if (!(norm > 0 && Number.isFinite(norm))) throw unusableRow(id, norm)
  const margins = directionProducts(data, row * columns, directions).map((value) => value / norm)
  const excess = margins.map((margin, index) => margin - prepared[index]!.pair.threshold)
  const noise = drift * norm
  const pairs = prepared.map((each, index) => {
    const relevance =
      relevanceFloor === null ? null : relevanceOf(each.pair, embeddings, row) / norm
    const relevant = relevance === null ? null : relevance >= (relevanceFloor ?? 0)
    const rank = rankOf(index, excess)
    return decidePair(each, { margin: margins[index]!, rank, relevance, relevant, norm, noise })
  })
  return {
    id,
    flagged: pairs.some(({ flagged }) => flagged),
    strongest: pairs.find(({ rank }) => rank === 1)?.pairId ?? '',
    pairs,
    norm,
    drift: noise,
  }
}

/** The larger product of a row with the two sides of a pair. */
function relevanceOf(
  { unacceptable, acceptable }: ConceptPair,
  { data, columns }: Matrix,
  row: number,
): number {
  const product = (vector: Float64Array) => rowProduct(data, row * columns, vector)
  return Math.max(product(unacceptable.vector), product(acceptable.vector))
}

/** 1 for the largest; equal values share the better rank. */
function rankOf(index: number, values: Float64Array): number {
  let rank = 1
  for (const value of values) if (value > values[index]!) rank += 1
  return rank
}

function assertPairs(pairs: readonly ConceptPair[]): void {
  const [first] = pairs
  if (first === undefined) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'A concept filter needs a pair.',
      value: pairs,
      remedy: 'Give one concept pair or more; `conceptPresets` names those of the paper.',
    })
  }
  const ids = new Set<string>()
  for (const pair of pairs) {
    if (ids.has(pair.id)) throw repeatedPair(pair.id)
    ids.add(pair.id)
    if (pair.acceptable.vector.length !== first.acceptable.vector.length) {
      throw shapeMismatch(pair.acceptable.vector.length, first)
    }
    assertFingerprint(pair.fingerprint, first)
  }
}

function assertSpace({ columns, fingerprint }: Matrix, first: ConceptPair): void {
  if (columns !== first.acceptable.vector.length) throw shapeMismatch(columns, first)
  assertFingerprint(fingerprint, first)
}

function assertFingerprint(fingerprint: string | null, first: ConceptPair): void {
  if (fingerprint === null || first.fingerprint === null || fingerprint === first.fingerprint)
    return
  throw new AssayError({
    code: 'FINGERPRINT_MISMATCH',
    message: `Embeddings of another encoder or preprocessing than the pair "${first.id}".`,
    value: fingerprint,
    remedy:
      'Embed pictures and prompts with one encoder build, or make the pairs anew with this one.',
  })
}

const shapeMismatch = (columns: number, first: ConceptPair) =>
  new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `The pair "${first.id}" has ${first.acceptable.vector.length} dimensions, not ${columns}.`,
    value: columns,
    remedy: 'Use embeddings of the encoder that the pairs were made with.',
  })

const repeatedPair = (id: string) =>
  new AssayError({
    code: 'DUPLICATE_ID',
    message: `Two concept pairs are called "${id}".`,
    value: id,
    remedy: 'Give each pair an id of its own.',
  })

function assertRange(name: string, value: number, minimum: number): void {
  if (value >= minimum && value < 1) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${name} must be at least ${minimum} and below 1.`,
    value,
    remedy: 'Both are cosines or shares of a length.',
  })
}

const unusableRow = (id: string, norm: number) =>
  new AssayError({
    code: norm === 0 ? 'ZERO_VECTOR' : 'NOT_FINITE',
    message: `The embedding of "${id}" ${norm === 0 ? 'is all zeros' : 'holds a value that is no number'}.`,
    value: id,
    remedy: 'Leave that picture out, or find out why its encoder failed.',
  })

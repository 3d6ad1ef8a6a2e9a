import { createMatrix, type Matrix, type Random } from '@assay/core'
import { dot } from '@assay/core/linear-algebra'
import type { ConceptPair } from '../../pairs/concept-pair.js'
import { createConceptPair } from '../../pairs/create-concept-pair.js'
import { conceptDirection } from '../../score/concept-direction.js'

export const dimensions = [2, 3, 8, 64, 768] as const

/** Rows of standard normal values. */
export function randomRows(random: Random, rows: number, columns: number): Matrix {
  return createMatrix({
    data: Float32Array.from({ length: rows * columns }, random.normal),
    columns,
  })
}

/** A pair of two random directions. */
export function randomPair(
  random: Random,
  columns: number,
  { id = 'pair', confidence = 0.1 + 0.8 * random.uniform(), logitScale = 100 } = {},
): ConceptPair {
  const side = () => ({ prompts: [id], embeddings: randomRows(random, 1, columns) })
  return createConceptPair({
    id,
    unacceptable: side(),
    acceptable: side(),
    relation: 'opposite',
    logitScale,
    threshold: { confidence },
  })
}

/** What a pair decides on an embedding in float64, written down apart from the filter. */
export function pairFlags(pair: ConceptPair): (embedding: Float64Array) => boolean {
  const { vector } = conceptDirection(pair)
  return (embedding) =>
    dot(embedding, vector) / Math.sqrt(dot(embedding, embedding)) > pair.threshold
}

/** A row as float64. */
export const rowOf = ({ data, columns }: Matrix, row: number) =>
  Float64Array.from(data.subarray(row * columns, (row + 1) * columns))

import { AssayError } from '@assay/core'
import type { FaissSettings } from '../host/library-protocol.js'

/** Rows for each centroid in training; faiss asks for at least 39, and takes no more than 256. */
const trainingRowsPerCentroid = 64
/** Centroids of a product quantizer of 8 bits. */
const quantizerCentroids = 256
/** Rows that show a scalar quantizer the range of values. */
const rangeRows = 65_536

const shape = /^(?:IVF(?<cells>\d+),)?(?<storage>Flat|SQ8|SQfp16|PQ(?<parts>\d+)(np)?)$/
const graph = /^HNSW(?<links>\d+)(,Flat)?$/

interface FactoryTarget {
  readonly rows: number
  readonly columns: number
}

/**
 * Reads a faiss factory string: `Flat`, `SQ8`, `SQfp16`, `PQm`, `PQmnp` and `HNSWm`, and all but the
 * last behind `IVFn,`. Others are refused: they do not exist in every faiss, need settings that faiss-node does not
 * reach, or end the process.
 *
 * @throws AssayError `INVALID_ARGUMENT` for a string that is not allowed, or that the vectors are too few
 *   or too narrow for
 */
export function faissSettings(factory: string, { rows, columns }: FactoryTarget): FaissSettings {
  const links = Number(graph.exec(factory)?.groups?.['links'] ?? 0)
  if (links >= 2 && links <= 256) return { name: 'faiss', factory, trainingRows: 0 }
  const match = shape.exec(factory)?.groups
  if (!match) throw refused(factory, 'is not one of those that can be used')
  const [cells, parts] = [Number(match['cells'] ?? 0), Number(match['parts'] ?? 0)]
  if (match['cells'] !== undefined && cells < 1) throw refused(factory, 'has no cell')
  if (match['parts'] !== undefined && (parts < 1 || columns % parts !== 0)) {
    throw refused(factory, `does not divide ${columns} columns into equal parts`)
  }
  const centroids = Math.max(cells, parts > 0 ? quantizerCentroids : 0)
  if (rows > 0 && rows < centroids) {
    throw refused(
      factory,
      `has to be trained with ${centroids} rows or more, and there are ${rows}`,
    )
  }
  const forRange = match['storage'] === 'SQ8' ? rangeRows : 0
  const trainingRows = Math.max(centroids * trainingRowsPerCentroid, forRange)
  return { name: 'faiss', factory, trainingRows }
}

const refused = (factory: string, reason: string) =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The factory string ${JSON.stringify(factory)} ${reason}.`,
    value: factory,
    remedy:
      'Use HNSW32, for instance, or Flat, SQ8, SQfp16 or PQ16np, these also behind IVF256 and a comma.',
  })

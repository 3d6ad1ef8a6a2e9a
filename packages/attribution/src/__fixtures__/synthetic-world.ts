import { createMatrix, type Matrix } from '@assay/core'
import { mulberry32 } from '@assay/core/testing'

/**
 * Embeddings whose true exemplars are known: 32 features in float64 of 12 latent ones, in which real
 * and synthetic pictures have nuisance directions of their own and synthetic ones a shift besides.
 * Every number is drawn from mulberry32 streams, so that other languages can build the same world.
 */

/** Vectors in float64, row after row. */
export interface WorldRows {
  readonly data: Float64Array
  readonly rows: number
  readonly columns: number
}

/** A set of tuned models, each with its exemplars and the pictures that it drew. */
export interface WorldBlock {
  readonly models: number
  readonly exemplarsPerModel: number
  readonly queriesPerModel: number
  /** Model after model, `exemplarsPerModel` rows each. */
  readonly exemplars: WorldRows
  /** Model after model, `queriesPerModel` rows each. */
  readonly queries: WorldRows
}

const features = 32
const latent = 12
const nuisance = 8

/** Standard normal numbers of a fresh stream, row-major. */
export function normalRows(seed: number, rows: number, columns: number): WorldRows {
  const { normal } = mulberry32(seed)
  return { data: Float64Array.from({ length: rows * columns }, normal), rows, columns }
}

/** Σ weight · term over arrays of one length. */
const weighted = (...terms: readonly (readonly [number, WorldRows])[]): WorldRows => {
  const [[, first]] = terms as [readonly [number, WorldRows]]
  const data = first.data.map((_, at) =>
    terms.reduce((sum, [weight, term]) => sum + weight * term.data[at]!, 0),
  )
  return { ...first, data }
}

/** A Bᵀ. */
function timesTransposed(a: WorldRows, b: WorldRows): WorldRows {
  const data = new Float64Array(a.rows * b.rows)
  for (let row = 0; row < a.rows; row++) {
    for (let other = 0; other < b.rows; other++) {
      let sum = 0
      for (let at = 0; at < a.columns; at++) {
        sum += a.data[row * a.columns + at]! * b.data[other * b.columns + at]!
      }
      data[row * b.rows + other] = sum
    }
  }
  return { data, rows: a.rows, columns: b.rows }
}

/** Each row `times` times, one behind another. */
function repeatRows({ data, rows, columns }: WorldRows, times: number): WorldRows {
  const repeated = new Float64Array(rows * times * columns)
  for (let row = 0; row < rows * times; row++) {
    const source = Math.floor(row / times) * columns
    repeated.set(data.subarray(source, source + columns), row * columns)
  }
  return { data: repeated, rows: rows * times, columns }
}

const scale = (factor: number, rows: WorldRows) => weighted([factor, rows])
const mixing = scale(1 / Math.sqrt(latent), normalRows(101, features, latent))
const realNuisance = scale(1 / Math.sqrt(nuisance), normalRows(102, features, nuisance))
const syntheticNuisance = scale(1 / Math.sqrt(nuisance), normalRows(103, features, nuisance))
const syntheticShift = scale(0.6, normalRows(104, 1, features))

const realRows = (z: WorldRows, seed: number): WorldRows =>
  weighted(
    [1, timesTransposed(z, mixing)],
    [0.8, timesTransposed(normalRows(seed, z.rows, nuisance), realNuisance)],
    [0.1, normalRows(seed + 1, z.rows, features)],
  )

const syntheticRows = (z: WorldRows, seed: number): WorldRows =>
  weighted(
    [0.8, timesTransposed(weighted([1, z], [0.25, normalRows(seed, z.rows, latent)]), mixing)],
    [1.2, timesTransposed(normalRows(seed + 1, z.rows, nuisance), syntheticNuisance)],
    [1, repeatRows(syntheticShift, z.rows)],
    [0.1, normalRows(seed + 2, z.rows, features)],
  )

function createBlock(options: {
  readonly models: number
  readonly exemplarsPerModel: number
  readonly queriesPerModel: number
  readonly seed: number
}): WorldBlock {
  const { models, exemplarsPerModel, queriesPerModel, seed } = options
  const z = normalRows(seed, models, latent)
  const repeated = repeatRows(z, exemplarsPerModel)
  const spread = normalRows(seed + 5, repeated.rows, latent)
  const centres = exemplarsPerModel > 1 ? weighted([1, repeated], [0.3, spread]) : repeated
  const exemplars = realRows(centres, seed + 10)
  const queries = syntheticRows(repeatRows(z, queriesPerModel), seed + 20)
  return { models, exemplarsPerModel, queriesPerModel, exemplars, queries }
}

/** 20,000 real pictures that belong to no model. */
export const worldPool = () => realRows(normalRows(900, 20_000, latent), 910)

/** 512 models of one exemplar to train a head on. */
export const trainBlock = () =>
  createBlock({ models: 512, exemplarsPerModel: 1, queriesPerModel: 8, seed: 1000 })

/** 128 models of one exemplar to calibrate on. */
export const validationBlock = () =>
  createBlock({ models: 128, exemplarsPerModel: 1, queriesPerModel: 8, seed: 2000 })

/** 128 models of one exemplar to test with. */
export const testBlock = () =>
  createBlock({ models: 128, exemplarsPerModel: 1, queriesPerModel: 8, seed: 3000 })

/** 64 models of six exemplars to test with. */
export const styleTestBlock = () =>
  createBlock({ models: 64, exemplarsPerModel: 6, queriesPerModel: 8, seed: 4000 })

/** The same rows as a matrix in float32. */
export const worldMatrix = ({ data, columns }: WorldRows): Matrix =>
  createMatrix({ data: Float32Array.from(data), columns })

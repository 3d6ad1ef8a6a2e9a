import { affineRows } from './affine-rows.js'
import { batchNormEpsilon, type FeatureMap, type MlpLayer, type Weights } from './feature-map.js'
import { outputsOf } from './map-weights.js'

/** Puts `rows` rows (a multiple of `rowsAtOnce`) through a map, in float64. */
export type RowMapper = (x: Float64Array, rows: number) => Float64Array

/** A map as a function of rows, with its weights in float64. */
export function rowMapper(map: FeatureMap): RowMapper {
  switch (map.form) {
    case 'linear':
      return affineMapper(map.weight, map.bias)
    case 'channel':
      return (x) => x.map((value, at) => value * map.scale[at % map.columns]!)
    case 'mlp': {
      const layers = map.layers.map(layerMapper)
      return (x, rows) =>
        layers.reduce((values, layer, at) => layer(at === 0 ? values : relu(values), rows), x)
    }
  }
}

function affineMapper(weight: Weights, bias: Weights): RowMapper {
  const doubles = { weight: Float64Array.from(weight), bias: Float64Array.from(bias) }
  return (x, rows) => affineRows({ x, rows, ...doubles })
}

/** Product, batch normalisation and its learned factors and shifts, folded into one affine map. */
function layerMapper(layer: MlpLayer): RowMapper {
  const { factors, shifts } = normalizationOf(layer)
  const columns = layer.weight.length / outputsOf(layer)
  const weight = Float64Array.from(
    layer.weight,
    (value, at) => value * factors[Math.floor(at / columns)]!,
  )
  return affineMapper(weight, shifts)
}

/** Batch normalisation at inference as `factor x + shift` (Ioffe & Szegedy 2015, algorithm 2). */
function normalizationOf({ mean, variance, scale, shift }: MlpLayer) {
  const factors = Float64Array.from(
    variance,
    (value, at) => (scale?.[at] ?? 1) / Math.sqrt(value + batchNormEpsilon),
  )
  const shifts = factors.map((factor, at) => (shift?.[at] ?? 0) - factor * mean[at]!)
  return { factors, shifts }
}

const relu = (values: Float64Array): Float64Array => values.map((value) => Math.max(0, value))

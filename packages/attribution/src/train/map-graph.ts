import { AssayError } from '@assay/core'
import { type GraphValue, gemm, mul } from '@assay/tensor/graph'
import { batchNorm, relu } from '@assay/tensor/neural'
import type { FeatureMap } from '../head/feature-map.js'

/** Weights of one side of a head in a graph, by the names of `weightsOf`. */
export type MapValues = Readonly<Record<string, GraphValue>>

/** A map of rows, and what its batch normalisations found. */
export interface MappedGraph {
  readonly mapped: GraphValue
  /** Mean and variance of each layer's batch, by name, where the weights held none. */
  readonly statistics: MapValues
}

/**
 * Writes one side of a head over rows `[rows, columns]`, up to unit length, which is left to the caller.
 * A layer of an MLP without mean and variance among its weights takes those of the batch, as in training.
 */
export function mapGraph(x: GraphValue, form: FeatureMap['form'], weights: MapValues): MappedGraph {
  const weight = (name: string) => weights[name] ?? missing(name)
  switch (form) {
    case 'linear': {
      const mapped = gemm(x, weight('weight'), { transposeB: true, bias: weight('bias') })
      return { mapped, statistics: {} }
    }
    case 'channel':
      return { mapped: mul(x, weight('scale')), statistics: {} }
    case 'mlp':
      return mlpGraph(x, weights)
  }
}

function mlpGraph(x: GraphValue, weights: MapValues): MappedGraph {
  const statistics: Record<string, GraphValue> = {}
  let values = x
  for (let at = 0; weights[`layers.${at}.weight`]; at++) {
    const of = (name: string) => weights[`layers.${at}.${name}`]
    const inputs = at === 0 ? values : relu(values)
    const product = gemm(inputs, of('weight') ?? missing('weight'), { transposeB: true })
    const [mean, variance, scale, bias] = [of('mean'), of('variance'), of('scale'), of('shift')]
    const known = mean && variance
    const normalized = batchNorm(product, {
      ...(known && { statistics: { mean, variance } }),
      ...(scale && { scale }),
      ...(bias && { bias }),
    })
    if (!known) {
      statistics[`layers.${at}.mean`] = normalized.mean
      statistics[`layers.${at}.variance`] = normalized.variance
    }
    values = normalized.values
  }
  return { mapped: values, statistics }
}

function missing(name: string): never {
  throw new AssayError({
    code: 'INTERNAL',
    message: `A map lacks its ${name}.`,
    value: name,
    remedy: 'Report this as a fault of @assay/attribution.',
  })
}

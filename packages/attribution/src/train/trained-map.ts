import type { Engine, Matrix, Tensor } from '@assay/core'
import { createGraph } from '@assay/tensor/graph'
import type { FeatureMap, Weights } from '../head/feature-map.js'
import { mapFromWeights } from '../head/map-weights.js'
import { mapGraph } from './map-graph.js'

/** Some rows of a matrix. */
export interface SelectedRows {
  readonly matrix: Matrix
  readonly rows: readonly number[]
}

/** A side whose training is over, or interrupted. */
export interface TrainedSide {
  readonly engine: Engine
  readonly form: FeatureMap['form']
  readonly weights: Readonly<Record<string, Tensor>>
  /** Features that this side was trained on; those of both sides for a shared map. */
  readonly features: readonly SelectedRows[]
  readonly signal?: AbortSignal | undefined
}

/**
 * The map of trained weights. An MLP's batch normalisations get mean and variance of the training
 * features, layer after layer (Ioffe & Szegedy 2015, algorithm 2), rather than a running average of
 * batches, so that the map depends on weights and features alone.
 */
export async function trainedMap(side: TrainedSide): Promise<FeatureMap> {
  const { form, weights } = side
  const statistics = form === 'mlp' ? await populationStatistics(side) : {}
  const named = Object.entries({ ...weights, ...statistics })
  return mapFromWeights(form, new Map(named.map(([name, { data }]) => [name, data as Weights])))
}

/** Rows that statistics are taken of at most: their error is then below one in a hundred. */
const mostRows = 16_384

async function populationStatistics(side: TrainedSide): Promise<Record<string, Tensor>> {
  const { engine, form, weights, features, signal } = side
  const graph = createGraph()
  const values = Object.entries(weights).map(([name, tensor]) => [name, graph.constant(tensor)])
  const { statistics } = mapGraph(
    graph.constant(sampleOf(features, weights)),
    form,
    Object.fromEntries(values),
  )
  for (const [name, value] of Object.entries(statistics)) graph.output(name, value)
  const session = await engine.open(graph.toBytes(), signal ? { signal } : {})
  try {
    return await session.run({}, signal ? { signal } : {})
  } finally {
    await session.close()
  }
}

/** Evenly spaced rows in the type of the weights. */
function sampleOf(features: readonly SelectedRows[], weights: TrainedSide['weights']): Tensor {
  const all = features.flatMap(({ matrix: { data, columns }, rows }) =>
    rows.map((row) => data.subarray(row * columns, (row + 1) * columns)),
  )
  const count = Math.min(all.length, mostRows)
  const columns = all[0]?.length ?? 0
  const isDouble = Object.values(weights).some(({ type }) => type === 'float64')
  const values = isDouble ? new Float64Array(count * columns) : new Float32Array(count * columns)
  for (let at = 0; at < count; at++) {
    values.set(all[Math.floor((at * all.length) / count)]!, at * columns)
  }
  const dims = [count, columns]
  return { type: isDouble ? 'float64' : 'float32', dims, data: values } as Tensor
}

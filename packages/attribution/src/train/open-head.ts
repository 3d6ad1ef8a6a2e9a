import type { Engine, EngineSession, Matrix, Tensor } from '@assay/core'
import { createGraph } from '@assay/tensor/graph'
import { mappedMatrix } from '../head/apply-head.js'
import { assertMappable } from '../head/assert-mappable.js'
import type { AttributionHead, HeadSide } from '../head/attribution-head.js'
import type { FeatureMap } from '../head/feature-map.js'
import { weightsOf } from '../head/map-weights.js'
import { writeUnitRows, type ZeroRows } from '../head/unit-rows.js'
import { mapGraph } from './map-graph.js'

/** What a head is opened with. */
export interface OpenHeadOptions {
  readonly head: AttributionHead
  /** What the features are of: `real` for exemplars and pool, `synthetic` for generated pictures. */
  readonly side: HeadSide
  /** Where it runs; stays open. */
  readonly engine: Engine
  /** Rows that are mapped at a time. No result depends on it. Default: 4,096 */
  readonly blockRows?: number
  readonly signal?: AbortSignal
}

/** How features are mapped. */
export interface MapFeaturesOptions {
  /**
   * What happens to a row that is all zeros, before or after the map: `refuse` throws, `keep` gives a
   * row of zeros. Default: refuse
   */
  readonly zeroRows?: ZeroRows
  readonly signal?: AbortSignal
}

/** One side of a head, loaded in an engine. */
export interface OpenedHead {
  readonly head: AttributionHead
  readonly side: HeadSide
  /**
   * What `applyHead` gives, off the calling thread and with float32 sums: rows differ from those of
   * `applyHead` by some 1e-6.
   *
   * @throws AssayError what `applyHead` and the engine throw
   */
  map(features: Matrix, options?: MapFeaturesOptions): Promise<Matrix>
  /** Ends the session; the engine stays open. */
  close(): Promise<void>
}

/**
 * Loads one side of a head in an engine, for many rows.
 *
 * @throws AssayError what the engine throws when it opens a graph
 */
export async function openHead(options: OpenHeadOptions): Promise<OpenedHead> {
  const { head, side, engine, blockRows = 4096, signal } = options
  const model = headGraph(head[side])
  const session = await engine.open(model, signal ? { signal } : {})
  return {
    head,
    side,
    map: (features, { zeroRows = 'refuse', ...run } = {}) =>
      mapFeatures({ session, head, side, blockRows, features, zeroRows, ...run }),
    close: () => session.close(),
  }
}

/** The bytes of a graph from `features` to `mapped`, before unit length. */
function headGraph(map: FeatureMap): Uint8Array {
  const graph = createGraph({ name: 'attribution-head' })
  const x = graph.input('features', 'float32', ['rows', map.columns])
  const weights = weightsOf(map).map(({ name, values, shape }) => {
    const data = Float32Array.from(values)
    return [name, graph.constant({ type: 'float32', dims: shape, data })]
  })
  graph.output('mapped', mapGraph(x, map.form, Object.fromEntries(weights)).mapped)
  return graph.toBytes()
}

interface MapRequest extends Required<Pick<MapFeaturesOptions, 'zeroRows'>> {
  readonly session: EngineSession
  readonly head: AttributionHead
  readonly side: HeadSide
  readonly blockRows: number
  readonly features: Matrix
  readonly signal?: AbortSignal
}

async function mapFeatures(request: MapRequest): Promise<Matrix> {
  const { session, head, side, blockRows, features, zeroRows, signal } = request
  assertMappable(head, features)
  const { columns, outputColumns } = head[side]
  const unit = new Float32Array(features.rows * outputColumns)
  for (let firstRow = 0; firstRow < features.rows; firstRow += blockRows) {
    const end = Math.min(firstRow + blockRows, features.rows)
    const data = features.data.slice(firstRow * columns, end * columns)
    const block: Tensor = { type: 'float32', dims: [end - firstRow, columns], data }
    const outputs = await session.run(
      { features: block },
      { transfer: true, ...(signal && { signal }) },
    )
    const mapped = outputs['mapped']?.data as Float32Array
    writeUnitRows({ features, side, firstRow, mapped, columns: outputColumns, unit, zeroRows })
  }
  return mappedMatrix(head, side, { features, unit })
}

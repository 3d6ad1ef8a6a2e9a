import type { Engine, Matrix, Tensor } from '@assay/core'
import { createGraph, gemm } from '@assay/tensor/graph'
import type { RowProduct } from '../evaluation/row-product.js'

/** Inner products on an engine. Close them when they are no longer needed. */
export interface EngineRowProduct {
  readonly product: RowProduct
  /** Ends the session; the engine stays open. */
  close(): Promise<void>
}

/**
 * Inner products in float32 on ONNX Runtime, off the caller's thread: `product` of `evaluateExemplars`,
 * for pools of hundreds of thousands of pictures. Ranks stay those of the sums in float64.
 *
 * @throws AssayError what the engine throws when it opens a graph
 */
export async function engineRowProduct(engine: Engine): Promise<EngineRowProduct> {
  const session = await engine.open(productGraph())
  return {
    async product(queries, others) {
      const feeds = { queries: tensorOf(queries), others: tensorOf(others) }
      const { products } = await session.run(feeds)
      return products?.data as Float32Array
    },
    close: () => session.close(),
  }
}

/** The bytes of a graph from `queries` and `others` to `products`, Q Oᵀ. */
function productGraph(): Uint8Array {
  const graph = createGraph({ name: 'row-product' })
  const queries = graph.input('queries', 'float32', ['queries', 'columns'])
  const others = graph.input('others', 'float32', ['others', 'columns'])
  graph.output('products', gemm(queries, others, { transposeB: true }))
  return graph.toBytes()
}

const tensorOf = ({ data, rows, columns }: Matrix): Tensor => ({
  type: 'float32',
  dims: [rows, columns],
  data,
})

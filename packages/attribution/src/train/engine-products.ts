import type { Engine, Tensor } from '@assay/core'
import { createGraph, gemm } from '@assay/tensor/graph'
import type { MatrixProducts, WideRows } from '../gradients/products/matrix-products.js'

/** Products on an engine. Close them when they are no longer needed. */
export interface EngineProducts extends MatrixProducts {
  /** Ends the session; the engine stays open. */
  close(): Promise<void>
}

/** The bytes of a graph from `a` and `b` to `products`, A Bᵀ. */
function productsGraph(): Uint8Array {
  const graph = createGraph({ name: 'row-products' })
  const a = graph.input('a', 'float64', ['rows', 'columns'])
  const b = graph.input('b', 'float64', ['others', 'columns'])
  graph.output('products', gemm(a, b, { transposeB: true }))
  return graph.toBytes()
}

const tensorOf = ({ data, rows, columns }: WideRows): Tensor => ({
  type: 'float64',
  dims: [rows, columns],
  data,
})

/**
 * Matrix products in float64 on ONNX Runtime, off the caller's thread: for gradients of thousands of
 * columns. Sums are taken in another order than in `javascriptProducts`, so that results differ by rounding.
 *
 * @throws AssayError what the engine throws when it opens a graph
 */
export async function engineProducts(engine: Engine): Promise<EngineProducts> {
  const session = await engine.open(productsGraph())
  return {
    id: engine.id,
    async rowProducts(a, b, signal) {
      // The runtime takes no dimension of 0.
      if (a.rows * b.rows * a.columns === 0) return new Float64Array(a.rows * b.rows)
      const feeds = { a: tensorOf(a), b: tensorOf(b) }
      const { products } = await session.run(feeds, signal ? { signal } : {})
      return products?.data as Float64Array
    },
    close: () => session.close(),
  }
}

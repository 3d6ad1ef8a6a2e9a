import type { Tensor } from '@assay/core'
import { createGraph } from '../../graph/graph.js'
import { add, mul } from '../../graph/operations/arithmetic.js'
import { clamp } from '../../graph/operations/comparison.js'
import { l2Normalize } from '../../graph/operations/normalization.js'
import { gemm, matMul } from '../../graph/operations/products.js'
import { reduceSum } from '../../graph/operations/reductions.js'
import { topK } from '../../graph/operations/selection.js'

/** Nearest neighbours by cosine, with weights inside; besides, some float64 where `doubles`. */
export function sampleGraph({ doubles }: { readonly doubles: boolean }): Uint8Array {
  const graph = createGraph({ name: 'sample' })
  const queries = graph.input('queries', 'float32', ['m', 8])
  const vectors = graph.input('vectors', 'float32', ['n', 8])
  const data = Float32Array.from({ length: 64 }, (_, at) => Math.sin(at))
  const weights = graph.constant({ type: 'float32', dims: [8, 8], data })
  const cosines = gemm(l2Normalize(matMul(queries, weights)), l2Normalize(vectors), {
    transposeB: true,
  })
  const { values, indices } = topK(cosines, { k: 3 })
  graph.output('cosines', values)
  graph.output('rows', indices)
  if (doubles) {
    const x = graph.input('doubles', 'float64', ['m', 3])
    graph.output('sums', reduceSum(clamp(add(mul(x, x), 1 / 3), { maximum: 1 }), { axes: [1] }))
  }
  return graph.toBytes()
}

/** What the sample graph is fed with. */
export function sampleFeeds({ doubles }: { readonly doubles: boolean }): Record<string, Tensor> {
  const waves = (length: number, step: number) =>
    Array.from({ length }, (_, at) => Math.cos(at * step))
  return {
    queries: { type: 'float32', dims: [5, 8], data: Float32Array.from(waves(40, 1.3)) },
    vectors: { type: 'float32', dims: [20, 8], data: Float32Array.from(waves(160, 0.7)) },
    ...(doubles && {
      doubles: { type: 'float64', dims: [5, 3], data: Float64Array.from(waves(15, 2.1)) },
    }),
  }
}

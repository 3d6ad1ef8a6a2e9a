import type { Matrix } from '@assay/core'
import { normalizeRows } from '@assay/core/linear-algebra'
import { gradientBlocks } from '../gradient-blocks.js'
import { javascriptProducts } from '../products/javascript-products.js'
import type { MatrixProducts, WideRows } from '../products/matrix-products.js'
import { assertEmbeddable } from './assert-embeddable.js'
import type { DenseLayer, DistilledRanker } from './distilled-ranker.js'

/** What is embedded. */
export interface EmbedForRankingOptions {
  readonly ranker: DistilledRanker
  /** Features of queries or of training pictures, of the kind that the ranker was taught on. */
  readonly features: Matrix
  /** What multiplies. Default: plain JavaScript. */
  readonly products?: MatrixProducts
  readonly signal?: AbortSignal
}

/** Added to variances, as `torch.nn.LayerNorm` does. */
export const layerNormEpsilon = 1e-5

/** Rows that are embedded at a time. */
const blockRows = 1024

/**
 * The embeddings of a ranker, as unit vectors with the ranker's fingerprint: what `distilledScores` takes,
 * and what an index may hold.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`, `NORMALIZATION_MISMATCH` (features of
 *   another kind than the ranker's), `NOT_FINITE`, `ZERO_VECTOR` with row and id, `ABORTED`
 */
export async function embedForRanking(options: EmbedForRankingOptions): Promise<Matrix> {
  const { ranker, features, products = javascriptProducts, signal } = options
  assertEmbeddable(ranker, features)
  const columns = ranker.layers.at(-1)?.outputs ?? 1
  const data = new Float32Array(features.rows * columns)
  const layers = ranker.layers.map((layer) => ({ ...layer, wide: wideWeight(layer) }))
  for await (const block of gradientBlocks(features, { step: blockRows, signal })) {
    normalizeInputs(block, ranker.inputNormalization)
    let rows: WideRows = block
    for (const [at, layer] of layers.entries()) {
      const values = await products.rowProducts(rows, layer.wide, signal)
      addBias(values, layer.bias, at < layers.length - 1)
      rows = { data: values, rows: block.rows, columns: layer.outputs }
    }
    data.set(rows.data, block.firstRow * columns)
  }
  const { rows, ids } = features
  const { fingerprint } = ranker
  return normalizeRows({ data, rows, columns, ids, normalized: false, fingerprint })
}

const wideWeight = ({ weight, outputs, inputs }: DenseLayer): WideRows => ({
  data: Float64Array.from(weight),
  rows: outputs,
  columns: inputs,
})

function addBias(values: Float64Array, bias: Float32Array, isHidden: boolean): void {
  for (let at = 0; at < values.length; at++) {
    const value = values[at]! + bias[at % bias.length]!
    values[at] = isHidden ? Math.max(0, value) : value
  }
}

/** Layer normalisation (Ba et al. 2016, equation 4), in place. */
function normalizeInputs(
  { data, rows, columns }: WideRows,
  normalization: DistilledRanker['inputNormalization'],
): void {
  if (!normalization) return
  const { scale, shift } = normalization
  for (let row = 0; row < rows; row++) {
    const values = data.subarray(row * columns, (row + 1) * columns)
    const mean = values.reduce((sum, value) => sum + value, 0) / columns
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / columns
    const factor = 1 / Math.sqrt(variance + layerNormEpsilon)
    values.forEach((value, at) => {
      values[at] = (value - mean) * factor * scale[at]! + shift[at]!
    })
  }
}

import { AssayError, assertComparable, type Matrix } from '@assay/core'
import { allGradients } from '../gradient-blocks.js'
import { javascriptProducts } from '../products/javascript-products.js'
import type { MatrixProducts } from '../products/matrix-products.js'
import type { ScoreMatrix } from '../score-matrix.js'
import type { DistilledRanker } from './distilled-ranker.js'

/** What is scored. */
export interface DistilledScoresOptions {
  readonly ranker: DistilledRanker
  /** Embeddings of the queries, by `embedForRanking`. */
  readonly queries: Matrix
  /** Embeddings of the training pictures, by `embedForRanking`. */
  readonly train: Matrix
  /** What multiplies. Default: plain JavaScript. */
  readonly products?: MatrixProducts
  readonly signal?: AbortSignal
}

/**
 * −(a cos + c) for each query and training picture: the larger, the nearer the top the teacher would rank
 * the picture. What the network was taught, a cos + c, is the logit of the rank's share, 0 being the most
 * influential; the sign of a is learned, so that cosines alone may rank the other way round.
 *
 * @throws AssayError `FINGERPRINT_MISMATCH` for what the ranker has not embedded, `SHAPE_MISMATCH`,
 *   `ABORTED`
 */
export async function distilledScores(options: DistilledScoresOptions): Promise<ScoreMatrix> {
  const { ranker, queries, train, products = javascriptProducts, signal } = options
  for (const embedded of [queries, train]) assertEmbedded(ranker, embedded)
  const [a, b] = [await allGradients(queries, { signal }), await allGradients(train, { signal })]
  const data = await products.rowProducts(a, b, signal)
  for (let at = 0; at < data.length; at++) data[at] = -(ranker.scale * data[at]! + ranker.offset)
  return { data, rows: a.rows, columns: b.rows, queryIds: queries.ids, trainIds: train.ids }
}

function assertEmbedded({ fingerprint, layers }: DistilledRanker, embedded: Matrix): void {
  assertComparable({ columns: layers.at(-1)?.outputs ?? 1, fingerprint }, embedded)
  if (embedded.fingerprint === fingerprint && embedded.normalized) return
  throw new AssayError({
    code: 'FINGERPRINT_MISMATCH',
    message: `These are vectors of ${embedded.fingerprint ?? 'an unknown space'}, not of ${fingerprint}.`,
    value: embedded.fingerprint,
    remedy: 'Embed queries and training pictures with embedForRanking and the same ranker.',
  })
}

import type { GraphValue } from '../../graph/graph-node.js'
import type { Operand } from '../../graph/operand.js'
import { add, div, mul, sub } from '../../graph/operations/arithmetic.js'
import { gemm } from '../../graph/operations/products.js'
import { reduceMean } from '../../graph/operations/reductions.js'
import { shapeMismatch } from '../../graph/shapes.js'
import { diagonal } from './diagonal.js'
import { logSumExp } from './log-sum-exp.js'

/** Settings of `infoNce`. */
export interface InfoNceOptions {
  /** What similarities are divided by, above 0: a number, or a scalar that is trained too. */
  readonly temperature: Operand
  /**
   * Whether each query must find its key among all keys, or also each key its query, as CLIP does,
   * and the loss is the mean of both. Default `both`.
   */
  readonly directions?: 'both' | 'query-to-key'
}

/**
 * The contrastive loss InfoNCE over a batch of pairs: row `i` of the queries belongs to row `i` of the
 * keys, and all other rows are its negatives. With `S = Q K' / temperature` it is the mean over `i` of
 * `-log softmax(S[i, :])[i]`, and of `-log softmax(S[:, i])[i]` in the other direction. Queries and
 * keys are `[rows, columns]`; give unit vectors (`l2Normalize`) to compare cosines.
 *
 * (van den Oord et al. 2018, "Representation learning with contrastive predictive coding", equation 4;
 * both directions: Radford et al. 2021, "Learning transferable visual models from natural language
 * supervision", figure 3.)
 *
 * @throws AssayError `SHAPE_MISMATCH` where queries and keys differ in shape
 */
export function infoNce(
  queries: GraphValue,
  keys: GraphValue,
  { temperature, directions = 'both' }: InfoNceOptions,
): GraphValue {
  const sameShape = queries.shape.every((size, axis) => size === keys.shape[axis])
  if (!sameShape) throw shapeMismatch('infoNce', queries.shape, keys.shape)
  const similarities =
    typeof temperature === 'number'
      ? gemm(queries, keys, { transposeB: true, alpha: 1 / temperature })
      : div(gemm(queries, keys, { transposeB: true }), temperature)
  const matches = reduceMean(diagonal(similarities))
  const ofQueries = reduceMean(logSumExp(similarities, 1))
  if (directions === 'query-to-key') return sub(ofQueries, matches)
  const ofKeys = reduceMean(logSumExp(similarities, 0))
  return sub(mul(add(ofQueries, ofKeys), 0.5), matches)
}

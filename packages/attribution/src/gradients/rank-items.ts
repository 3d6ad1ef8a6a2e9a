import { AssayError } from '@assay/core'

/**
 * The numbers of all items, highest score first, equal scores in the order of the items.
 *
 * @throws AssayError `NOT_FINITE` for a NaN (infinities have an order and are allowed)
 */
export function rankItems(scores: ArrayLike<number>): Uint32Array {
  const order = Uint32Array.from(scores, (score, item) => {
    if (!Number.isNaN(score)) return item
    throw new AssayError({
      code: 'NOT_FINITE',
      message: `The score of item ${item} is NaN and cannot be ranked.`,
      value: score,
      remedy: 'Leave this item out and count it as missing.',
      location: { row: item },
    })
  })
  return order.sort((a, b) => (scores[a] === scores[b] ? a - b : scores[b]! > scores[a]! ? 1 : -1))
}

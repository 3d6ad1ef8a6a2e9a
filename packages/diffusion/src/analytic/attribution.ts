/** How much of a picture is one training picture's. */
export interface AttributionShare {
  readonly id: string
  /** In [0, 1]. */
  readonly share: number
}

/**
 * Which pictures of the bank the last model call mixed, and how much of each. Exact for that call;
 * earlier calls chose the layout, so that what would be without a picture is another question (see
 * `counterfactualAttribution`).
 */
export interface Attribution {
  /** Largest first; shares below 1e-9 are left out. They sum to 1 within 1e-4. */
  readonly shares: readonly AttributionShare[]
  /** exp of the entropy of the shares: 1 for a copy of one picture. */
  readonly effectivePictures: number
}

const smallest = 1e-9

/** @param shares of the pictures `ids`, in order; they sum to 1 */
export function attributionOf(ids: readonly string[], shares: ArrayLike<number>): Attribution {
  let entropy = 0
  const kept: AttributionShare[] = []
  for (const [at, id] of ids.entries()) {
    const share = shares[at]!
    if (share > 0) entropy -= share * Math.log(share)
    if (share >= smallest) kept.push({ id, share })
  }
  kept.sort((a, b) => b.share - a.share)
  return { shares: kept, effectivePictures: Math.exp(entropy) }
}

/**
 * The degrees of freedom that go with the cluster-robust variance of a mean, if items of one cluster had
 * the correlation ρ: 2 E(V)² / Var(V) for normal values. Clusters - 1 where all clusters have one size,
 * fewer where a few large ones dominate.
 *
 * V is a quadratic form in the values, ‖Gᵀ y‖² with one column of G a cluster, so that the figure is
 * tr(GᵀΩG)² / ‖GᵀΩG‖². Both follow from four sums over clusters.
 *
 * Source: Imbens and Kolesár (2016), Robust standard errors in small samples (random-effects
 * working model), on top of Bell and McCaffrey (2002), for a mean.
 */
export function satterthwaiteDegreesOfFreedom(
  sizes: readonly number[],
  correlation: number,
): number {
  const n = sizes.reduce((sum, size) => sum + size, 0)
  const clusters = sizes.map((size) => {
    const share = size / n
    /** Variance of the cluster's sum, over that of one item. */
    const spread = size * (1 - correlation) + size * size * correlation
    return { share, spread, weight: 1 / (1 - share) }
  })
  const total = clusters.reduce((sum, { spread }) => sum + spread, 0)

  let shares = 0
  let spreads = 0
  let mixed = 0
  let trace = 0
  let diagonal = 0
  for (const { share, spread, weight } of clusters) {
    shares += weight * share * share
    spreads += weight * spread * spread
    mixed += weight * share * spread
    const shrinkage = share * share * total - 2 * share * spread
    trace += weight * (spread + shrinkage)
    diagonal += weight * weight * spread * (spread + 2 * shrinkage)
  }
  const everywhere =
    2 * shares * spreads + 2 * mixed * mixed + (shares * total) ** 2 - 4 * total * shares * mixed
  return (trace * trace) / (everywhere + diagonal)
}

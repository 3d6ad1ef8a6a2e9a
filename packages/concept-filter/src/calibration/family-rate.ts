/** How a budget for all pairs together is divided among them. */
export type FamilyCorrection =
  /** Right where pairs err independently of one another, or together: 1 - (1 - rate)^(1 / pairs). */
  | 'sidak'
  /** Right however pairs err: rate / pairs, a little stricter. */
  | 'bonferroni'

/**
 * The share of clean pictures that each of several pairs may flag, so that all together flag no more than
 * `rate`. Eleven pairs at 5 % each flag up to 43 % together if they err independently; at .465 % each, 5 %.
 *
 * @param rate in (0, 1), for all pairs together
 *
 * Source: Šidák (1967), Rectangular confidence regions for the means of multivariate normal distributions;
 * Bonferroni's inequality.
 */
export function familyRate(rate: number, pairs: number, correction: FamilyCorrection): number {
  return correction === 'sidak' ? -Math.expm1(Math.log1p(-rate) / pairs) : rate / pairs
}

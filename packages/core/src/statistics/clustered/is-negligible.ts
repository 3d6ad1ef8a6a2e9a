/** Whether a spread is no more than what rounding leaves of 0, next to figures of this size. */
export function isNegligible(spread: number, size: number): boolean {
  return spread <= 1e-12 * Math.abs(size)
}

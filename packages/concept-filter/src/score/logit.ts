/** ln(p / (1 - p)): the logit whose {@link sigmoid} is `p`. */
export function logit(probability: number): number {
  return Math.log(probability) - Math.log1p(-probability)
}

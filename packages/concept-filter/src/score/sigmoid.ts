/** 1 / (1 + exp(-z)), without overflow for any z. */
export function sigmoid(logit: number): number {
  if (logit >= 0) return 1 / (1 + Math.exp(-logit))
  const exponential = Math.exp(logit)
  return exponential / (1 + exponential)
}

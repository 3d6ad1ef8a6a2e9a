/** How much of a condition is kept, and how its noise is brought in. */
export interface AnnealConditionOptions {
  /** γ: share of the clean condition's power that is kept, from 0 to 1. */
  readonly kept: number
  /** s: standard deviation of the noise. */
  readonly scale: number
  /** ψ: share of the result that is brought back to mean and spread of the clean condition. */
  readonly mixing: number
}

/**
 * One picture's condition y with noise n in it:
 *
 *     ŷ = sqrt(γ) y + s sqrt(1 - γ) n,   ψ ((ŷ - mean ŷ) std y / std ŷ + mean y) + (1 - ψ) ŷ.
 *
 * Where ŷ has no spread that could be stretched, its mean alone is brought back.
 *
 * Source: Sadat et al. 2024, "CADS", section 3.1.
 */
export function annealCondition(
  condition: Float32Array,
  noise: Float64Array,
  { kept, scale, mixing }: AnnealConditionOptions,
): Float32Array {
  const [signal, deviation] = [Math.sqrt(kept), scale * Math.sqrt(1 - kept)]
  const mixed = noise.map((value, at) => signal * condition[at]! + deviation * value)
  const [wanted, got] = [momentsOf(condition), momentsOf(mixed)]
  const stretch = got.deviation === 0 ? 1 : wanted.deviation / got.deviation
  return Float32Array.from(mixed, (value) => {
    const rescaled = (value - got.mean) * stretch + wanted.mean
    return mixing * rescaled + (1 - mixing) * value
  })
}

function momentsOf(values: Float32Array | Float64Array) {
  let sum = 0
  for (const value of values) sum += value
  const mean = sum / values.length
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  return { mean, deviation: Math.sqrt(squares / values.length) }
}

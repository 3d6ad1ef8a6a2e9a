/**
 * Numbers that look random and are a formula, so that the oracle in another language has the same:
 * scale sin(1 + 3.1 seed + 0.11 i + 0.37 i²).
 */
export const formulaWeights = (seed: number, length: number, scale: number): Float32Array =>
  Float32Array.from(
    { length },
    (_, i) => scale * Math.sin(1 + 3.1 * seed + 0.11 * i + 0.37 * i * i),
  )

/** The same as noise of about unit variance. */
export const formulaNoise = (seed: number, draw: number, length: number): Float32Array =>
  formulaWeights(100 + 10 * seed + draw, length, Math.SQRT2)

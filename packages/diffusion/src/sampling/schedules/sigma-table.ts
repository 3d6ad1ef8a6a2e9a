/**
 * Noise over signal, sigma = s / a, at each training timestep, rising. Where the last timestep has
 * no signal at all, a² is taken as 2^-24, as diffusers does.
 */
export const sigmaTable = (signals: readonly number[]): number[] =>
  signals.map((signal) => {
    const square = Math.max(signal ** 2, 2 ** -24)
    return Math.sqrt((1 - square) / square)
  })

/** Sigma at a timestep, linear between training timesteps. */
export function sigmaAt(table: readonly number[], timestep: number): number {
  const below = Math.min(Math.floor(timestep), table.length - 2)
  const low = table[below]!
  return low + (timestep - below) * (table[below + 1]! - low)
}

/** Timestep of a sigma, linear in ln sigma between training timesteps, held to their range. */
export function timestepOf(table: readonly number[], sigma: number): number {
  const above = table.findIndex((entry) => entry > sigma)
  if (above === 0) return 0
  if (above === -1) return table.length - 1
  const low = Math.log(table[above - 1]!)
  return above - 1 + (Math.log(sigma) - low) / (Math.log(table[above]!) - low)
}

import { evenly } from './evenly.js'

/** Which sigmas are wanted. */
export interface KarrasSigmas {
  readonly smallest: number
  readonly largest: number
  readonly steps: number
  /** Bends the steps towards small sigmas. Default: 7, the paper's */
  readonly rho?: number
}

/** Sigmas from large to small, even in sigma^(1/rho) (Karras et al. 2022, equation 5). */
export function karrasSigmas({ smallest, largest, steps, rho = 7 }: KarrasSigmas): number[] {
  return evenly(largest ** (1 / rho), smallest ** (1 / rho), steps).map((root) => root ** rho)
}

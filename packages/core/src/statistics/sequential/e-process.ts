import { checkOpenProbability, checkPositive } from '../check.js'
import { checkProportion, type Proportion } from '../proportion.js'
import { logBetaKernel } from '../special-functions/log-beta-kernel.js'
import { betaTails } from '../special-functions/regularized-incomplete-beta.js'

export interface EProcessOptions {
  /** The rate that is tested: is the true one higher? Between 0 and 1. */
  readonly nullProbability: number
  /** The first parameter of the beta weight over the rates above the null; above 0, default 1. */
  readonly a?: number
  /** The second parameter of the beta weight; above 0, default 1. */
  readonly b?: number
}

/** The state of an e-process: immutable, and plain data that can be stored and resumed. */
export interface EProcess {
  readonly nullProbability: number
  readonly a: number
  readonly b: number
  readonly successes: number
  readonly trials: number
  /** The natural logarithm of the e-value now; evidence against the null, 0 at the start. */
  readonly logEValue: number
  /** The largest `logEValue` after any update so far, the start included. */
  readonly largestLogEValue: number
  /** min(1, 1 / largest e-value): a p-value that stays valid however often one looks. */
  readonly pValue: number
}

/** ln E_n, all in logarithms. The mixture's integrals are upper tails of beta distributions. */
function logEValue({
  nullProbability,
  a,
  b,
  successes,
  trials,
}: Pick<EProcess, 'nullProbability' | 'a' | 'b' | 'successes' | 'trials'>): number {
  const point = { x: nullProbability, y: 1 - nullProbability }
  const posterior = { a: a + successes, b: b + trials - successes }
  const after =
    betaTails(point, posterior.a, posterior.b).logUpper -
    logBetaKernel(point, posterior.a, posterior.b)
  const before = betaTails(point, a, b).logUpper - logBetaKernel(point, a, b)
  return after - before
}

/**
 * Starts a sequential test of whether a rate is above `nullProbability`: an e-process with a beta weight
 * restricted to the rates above it. One may look after every picture and stop when the p-value is small
 * enough, for instance when the e-value reaches 1/α.
 *
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` where an option is out of range.
 *
 * Source: Ramdas, Grünwald, Vovk and Shafer (2023), Game-theoretic statistics and safe anytime-valid
 * inference (mixture e-processes, Ville's inequality).
 */
export function createEProcess({ nullProbability, a = 1, b = 1 }: EProcessOptions): EProcess {
  checkOpenProbability(nullProbability, 'The null probability')
  checkPositive(a, 'The parameter a of the beta weight')
  checkPositive(b, 'The parameter b of the beta weight')
  return {
    nullProbability,
    a,
    b,
    successes: 0,
    trials: 0,
    logEValue: 0,
    largestLogEValue: 0,
    pValue: 1,
  }
}

/**
 * The e-process after further trials; the one given stays as it is. A batch gives the same e-value as its
 * trials one by one; the largest value, and so the p-value, only sees the state after each update.
 *
 * @param seen The new trials only, for instance `{ successes: 1, trials: 1 }`.
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` where the counts are out of range.
 */
export function updateEProcess(process: EProcess, seen: Proportion): EProcess {
  checkProportion(seen)
  const counts = {
    ...process,
    successes: process.successes + seen.successes,
    trials: process.trials + seen.trials,
  }
  const now = logEValue(counts)
  const largest = Math.max(process.largestLogEValue, now)
  return { ...counts, logEValue: now, largestLogEValue: largest, pValue: Math.exp(-largest) }
}

import { AssayError } from '../errors/assay-error.js'
import { checkAtLeast, checkCount } from './check.js'

/** A count of successes (or of failures, or of any event) out of a number of independent trials. */
export interface Proportion {
  /** A whole number of at least 0. */
  readonly successes: number
  /** A whole number of at least 1, and at least `successes`. */
  readonly trials: number
}

export function checkProportion({ successes, trials }: Proportion): void {
  checkCount(successes, 'The number of successes')
  checkAtLeast(trials, 1, 'The number of trials')
  if (successes <= trials) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `There are more successes than trials: ${successes} of ${trials}.`,
    value: { successes, trials },
    remedy: 'Pass the number of all trials, successes included.',
  })
}

import { AssayError } from '@assay/core'

/** Answers that are kept for clients that ask again: a retry always concerns the last calls. */
const KEPT = 4

/** Gives each numbered call its effect once, however often it is asked. */
export interface CallLedger<Answer> {
  /**
   * The answer of a call. The first time it is computed, after all calls before it; later the same answer
   * comes again. A call that fails, with none after it, is as if it had never been.
   *
   * @throws AssayError `DUPLICATE_ID` for a number that already stood for something else, or whose answer
   *   is no longer kept; `INVALID_ARGUMENT` for a number that leaves a gap
   */
  once(number: number, digest: string, compute: () => Promise<Answer>): Promise<Answer>
}

interface Entry<Answer> {
  readonly digest: string
  readonly answer: Promise<Answer>
}

/**
 * An empty ledger, for calls from 0 on.
 *
 * @typeParam Answer what a call is answered with
 */
export function createCallLedger<Answer>(): CallLedger<Answer> {
  const entries = new Map<number, Entry<Answer>>()
  let next = 0
  return {
    once(number, digest, compute) {
      const known = entries.get(number)
      if (known) {
        if (known.digest === digest) return known.answer
        throw refused('DUPLICATE_ID', number, 'already stood for another request')
      }
      if (number < next) throw refused('DUPLICATE_ID', number, 'was answered, and newer calls too')
      if (number > next) throw refused('INVALID_ARGUMENT', number, `came where ${next} is next`)
      const before = entries.get(number - 1)?.answer
      const answer = (async () => {
        // Evidence is in the order of calls; how the call before ended is its own matter.
        await before?.catch(() => undefined)
        return compute()
      })()
      entries.set(number, { digest, answer })
      next = number + 1
      entries.delete(number - KEPT)
      answer.catch(() => {
        // Unless a later call was taken meanwhile, the number may be used again.
        if (next === number + 1) {
          next = number
          entries.delete(number)
        }
      })
      return answer
    },
  }
}

const refused = (code: 'DUPLICATE_ID' | 'INVALID_ARGUMENT', number: number, what: string) =>
  new AssayError({
    code,
    message: `Call ${number} ${what}.`,
    value: number,
    remedy: 'Number model calls 0, 1, 2, ...; repeat a number only to ask the same again.',
  })

import { AssayError } from '../errors/assay-error.js'
import type { AssayErrorCode } from '../errors/error-codes.js'

/** The error of a check that is not met. */
export const unmet = (message: string, value?: unknown) =>
  new AssayError({
    code: 'CONFORMANCE_FAILED',
    message,
    value,
    remedy: 'Read the contract that the check is about, and change the implementation.',
  })

/** Throws `CONFORMANCE_FAILED` unless a condition holds. */
export function expectThat(
  condition: boolean,
  message: string,
  value?: unknown,
): asserts condition {
  if (!condition) throw unmet(message, value)
}

/** Throws `CONFORMANCE_FAILED` unless two values are the same as JSON documents. */
export function expectSame(actual: unknown, expected: unknown, what: string): void {
  const [one, other] = [JSON.stringify(actual), JSON.stringify(expected)]
  expectThat(one === other, `${what} is ${shorten(one)} where ${shorten(other)} belongs.`, actual)
}

/** Throws `CONFORMANCE_FAILED` unless an action fails with an AssayError of one of these codes. */
export async function expectCode(
  action: () => unknown,
  codes: readonly AssayErrorCode[],
  what: string,
): Promise<void> {
  let outcome: unknown
  try {
    outcome = await action()
  } catch (error) {
    if (AssayError.isInstance(error) && codes.includes(error.code)) return
    throw unmet(
      `${what} must fail with ${codes.join(' or ')} and fails with: ${describe(error)}`,
      error,
    )
  }
  throw unmet(`${what} must fail with ${codes.join(' or ')} and does not fail.`, outcome)
}

const describe = (error: unknown) =>
  AssayError.isInstance(error) ? `${error.code}, ${error.message}` : String(error)

const shorten = (text: string | undefined) =>
  text === undefined || text.length <= 200 ? text : `${text.slice(0, 200)}…`

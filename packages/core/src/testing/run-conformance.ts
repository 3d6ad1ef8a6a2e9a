import { AssayError } from '../errors/assay-error.js'
import type { ConformanceCheck } from './conformance-check.js'

/**
 * Runs all checks, one after another, and tells of all that fail.
 *
 * @param subject what is checked, for the message
 * @throws AssayError `CONFORMANCE_FAILED`, whose value is the names of the checks that failed
 */
export async function runConformance(
  subject: string,
  checks: readonly ConformanceCheck[],
): Promise<void> {
  const failures: { readonly name: string; readonly error: unknown }[] = []
  for (const { name, run } of checks) {
    try {
      await run()
    } catch (error) {
      failures.push({ name, error })
    }
  }
  if (failures.length === 0) return
  const lines = failures.map(
    ({ name, error }) => `- ${name}: ${error instanceof Error ? error.message : String(error)}`,
  )
  throw new AssayError({
    code: 'CONFORMANCE_FAILED',
    message: `${subject} fails ${failures.length} of ${checks.length} checks:\n${lines.join('\n')}`,
    value: failures.map(({ name }) => name),
    remedy: 'Change the implementation until every check passes.',
    cause: failures[0]?.error,
  })
}

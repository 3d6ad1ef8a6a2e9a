import { AssayError } from '@assay/core'

/** What one check found. */
export interface CheckResult {
  readonly name: string
  readonly works: boolean
  /** Whether something is wrong where it does not work. */
  readonly needed: boolean
  readonly detail: string
  /** What to do where it does not work. */
  readonly remedy: string
}

/** What came of trying something. */
export interface Attempt {
  readonly works: boolean
  readonly detail: string
  /** Where it is known better than before: what to do. */
  readonly remedy?: string
}

/** One thing that Assay needs, or can use. */
export interface Check {
  readonly name: string
  /** Default: true */
  readonly needed?: boolean
  readonly remedy: string
  /** Tries it; a throw means that it does not work. */
  attempt(): Promise<Attempt>
}

/** Runs a check; what it throws is a finding too. */
export async function runCheck(check: Check): Promise<CheckResult> {
  const { name, needed = true, remedy } = check
  try {
    return { name, needed, remedy, ...(await check.attempt()) }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    const better = AssayError.isInstance(error) ? error.remedy : remedy
    return { name, needed, works: false, detail, remedy: better }
  }
}

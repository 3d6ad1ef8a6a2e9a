import { AssayError } from '@assay/core'

/** What one check found. */
export interface CheckResult {
  readonly name: string
  readonly works: boolean
  readonly detail: string
  /** What to do where it does not work. */
  readonly remedy: string
}

/** One thing that Assay needs. */
export interface Check {
  readonly name: string
  readonly remedy: string
  /** Tries it; a throw means that it does not work. */
  attempt(): Promise<{ readonly works: boolean; readonly detail: string }>
}

/** Runs a check; what it throws is a finding too. */
export async function runCheck({ name, remedy, attempt }: Check): Promise<CheckResult> {
  try {
    return { name, remedy, ...(await attempt()) }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    const better = AssayError.isInstance(error) ? error.remedy : remedy
    return { name, works: false, detail, remedy: better }
  }
}

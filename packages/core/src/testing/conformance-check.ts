/** One thing that a contract demands, as a test that any test runner can enumerate. */
export interface ConformanceCheck {
  /** What is demanded, as a sentence about the subject. */
  readonly name: string
  /** Throws an AssayError `CONFORMANCE_FAILED` where it is not so. */
  run(): void | Promise<void>
}

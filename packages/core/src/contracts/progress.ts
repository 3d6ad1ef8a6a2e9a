/** One step forward of a long task. */
export interface ProgressEvent {
  /** What is going on, for instance `embed outputs`. */
  readonly task: string
  /** Units finished so far. */
  readonly done: number
  /** Units in all, or null while that is not known. */
  readonly total: number | null
}

/** Told of every step; must be cheap and must not throw. */
export type Progress = (event: ProgressEvent) => void

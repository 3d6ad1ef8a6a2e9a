/** What a model of unknown origin may use; each limit stops a named weakness. */
export interface IsolationLimits {
  /**
   * Most resident memory of a model's process in bytes, some 100 MiB of Node and the runtime included:
   * graphs of a few hundred bytes that ask for gigabytes. Default 2 GiB, of which a float32 model takes
   * up to three times the size of its file.
   */
  readonly memoryBytes: number
  /** Longest time of one `open`, and of one `run`, in seconds: graphs that never end. Default 60. */
  readonly seconds: number
  /** Most bytes of all outputs of one run, which come into this process. Default 64 MiB. */
  readonly outputBytes: number
}

/** The limits that hold where none are given. */
export const defaultIsolationLimits: IsolationLimits = {
  memoryBytes: 2 * 2 ** 30,
  seconds: 60,
  outputBytes: 64 * 2 ** 20,
}

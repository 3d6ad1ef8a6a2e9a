import { AssayError, type Tensor } from '@assay/core'
import type { EngineWorker } from './engine-worker.js'
import { type Holding, release } from './holding.js'
import type { ResidentHandle } from './worker-calls.js'

/**
 * A tensor that lives in a worker of the engine: it is fed to runs and handed to tasks without being
 * copied or posted again.
 */
export interface ResidentTensor {
  readonly type: Tensor['type']
  readonly dims: readonly number[]
  /** Names the tensor in an argument of a task, which finds it with `context.tensor`. */
  readonly handle: ResidentHandle
  /**
   * The rows (slices of the first axis) from `start` up to `end`, still in place; released with the
   * whole.
   *
   * @throws AssayError `INVALID_ARGUMENT` where there are no such rows
   */
  rows(start: number, end: number): ResidentTensor
  /** Frees its memory, once runs that were asked for before are through. */
  release(): Promise<void>
}

/** The engine's own resident tensors, which know their worker. */
export class PlacedTensor implements ResidentTensor {
  readonly type: Tensor['type']
  readonly dims: readonly number[]
  readonly handle: ResidentHandle
  readonly #holding: Holding

  constructor(
    holding: Holding,
    { type, dims }: { readonly type: Tensor['type']; readonly dims: readonly number[] },
    rows: { readonly start: number; readonly end: number },
  ) {
    this.#holding = holding
    this.type = type
    this.dims = dims
    this.handle = { resident: holding.number, start: rows.start, end: rows.end }
  }

  get worker(): EngineWorker {
    return this.#holding.worker
  }

  rows(start: number, end: number): ResidentTensor {
    const [count = 1, ...rest] = this.dims
    if (
      !(
        Number.isInteger(start) &&
        Number.isInteger(end) &&
        0 <= start &&
        start <= end &&
        end <= count
      )
    ) {
      throw new AssayError({
        code: 'INVALID_ARGUMENT',
        message: `There are no rows ${start} to ${end} in a tensor of ${count}.`,
        value: [start, end],
        remedy: `Give 0 <= start <= end <= ${count}.`,
      })
    }
    const shape = { type: this.type, dims: [end - start, ...rest] }
    const first = this.handle.start
    return new PlacedTensor(this.#holding, shape, { start: first + start, end: first + end })
  }

  release(): Promise<void> {
    return release(this.#holding)
  }
}

import type { Engine, Tensor } from '@assay/core'
import type { TaskMethods } from '../worker/task.js'
import type { Device } from './device.js'
import type { NodeSession } from './pooled-session.js'
import type { ResidentTensor } from './resident-tensor.js'
import type { TensorRegion } from './worker-calls.js'
import type { WorkerTask } from './worker-task.js'

/** A graph: its bytes, or the path of a file (which may have external data beside it). */
export type Model = Parameters<Engine['open']>[0]

/** How a graph is opened in Node. */
export interface NodeOpenOptions extends NonNullable<Parameters<Engine['open']>[1]> {
  /** Opens the graph in this tensor's worker, so that runs can be fed with it. */
  readonly beside?: ResidentTensor
}

/** How a tensor is placed. */
export interface PlaceOptions {
  /** Whether the caller gives up the tensor's memory, so that it moves uncopied. Default false. */
  readonly transfer?: boolean
  readonly signal?: AbortSignal
}

/** How a task is started. */
export interface TaskOptions {
  /** Handed to the module's `createTask`; must be clonable. */
  readonly argument?: unknown
  /** Starts the task in this tensor's worker, so that it can be handed the tensor. */
  readonly beside?: ResidentTensor
  readonly signal?: AbortSignal
}

/** An `Engine` that can also keep tensors, and run modules, where its sessions live. */
export interface NodeEngine extends Engine {
  /** What computes, with nothing in its place: `open` fails where it does not load. */
  readonly device: Device
  /** Threads that all computations together keep busy. */
  readonly threads: number
  /** Runs that can go side by side. */
  readonly workers: number
  open(model: Model, options?: NodeOpenOptions): Promise<NodeSession>
  /**
   * Brings a tensor into a worker to stay; a region of a file is read there and never passes through
   * the calling thread.
   *
   * @throws AssayError `FILE_MISSING` or `FILE_READ_FAILED` for a region
   */
  place(source: Tensor | TensorRegion, options?: PlaceOptions): Promise<ResidentTensor>
  /**
   * Loads a module in a worker, where its export `createTask` (see `TaskModule`) makes an object whose
   * methods the caller then calls: for loops beside data that are too large, or too many, to post.
   *
   * @param module URL of a built module
   * @throws AssayError what `createTask` throws, `ENGINE_FAILED` for any other error,
   *   `INVALID_ARGUMENT` where the argument cannot travel between threads
   */
  startTask<Methods extends TaskMethods>(
    module: URL,
    options?: TaskOptions,
  ): Promise<WorkerTask<Methods>>
}

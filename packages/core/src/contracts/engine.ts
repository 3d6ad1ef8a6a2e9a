/** Values of a tensor, by element type. */
export interface TensorData {
  float32: Float32Array
  float64: Float64Array
  float16: Uint16Array
  int64: BigInt64Array
  int32: Int32Array
  uint8: Uint8Array
  bool: Uint8Array
}

/** An n-dimensional array, row-major. */
export type Tensor = {
  [Type in keyof TensorData]: {
    readonly type: Type
    readonly dims: readonly number[]
    readonly data: TensorData[Type]
  }
}[keyof TensorData]

/** Name, element type and shape of a model's input or output; a string is a free dimension. */
export interface TensorSpecification {
  readonly name: string
  readonly type: keyof TensorData
  readonly shape: readonly (number | string)[]
}

/** How one run of a session goes. */
export interface RunOptions {
  /** Names of the outputs that are wanted; all of them by default. */
  readonly outputs?: readonly string[]
  /**
   * Whether the caller gives up the feeds' memory, so that an engine on another thread need not copy
   * it; the feeds may be empty afterwards. Default false.
   */
  readonly transfer?: boolean
  /** Ends the wait. A computation that has begun may go on unseen until it is through. */
  readonly signal?: AbortSignal
}

/** How a graph is opened. */
export interface OpenOptions {
  /**
   * `one` (the default) gives the graph all of the engine's threads, and runs go one after another;
   * `every` loads it once a worker, so that as many runs go side by side as the engine has workers.
   * An engine with one worker only may ignore it.
   */
  readonly replicas?: 'one' | 'every'
  readonly signal?: AbortSignal
}

/** A loaded ONNX graph. */
export interface EngineSession {
  readonly inputs: readonly TensorSpecification[]
  readonly outputs: readonly TensorSpecification[]
  /** How many runs can go side by side; further ones wait in line. At least 1. */
  readonly concurrency: number
  /**
   * Runs the graph once. Feeds are read before it returns its promise and may change afterwards; the
   * results are the caller's own.
   *
   * @param feeds one tensor an input
   * @throws AssayError `ENGINE_FAILED` for feeds or outputs that the graph does not have, and wherever
   *   else the runtime refuses; `ENGINE_CLOSED` after `close`; `ABORTED`
   */
  run(
    feeds: Readonly<Record<string, Tensor>>,
    options?: RunOptions,
  ): Promise<Record<string, Tensor>>
  close(): Promise<void>
}

/**
 * Runs ONNX graphs: in Node off the caller's thread, in browsers on it. An implementation is held to
 * this contract by `checkEngine` of `@assay/core/testing`.
 */
export interface Engine {
  readonly specificationVersion: 1
  /** Runtime and version, for instance `onnxruntime-node 1.30.0`. */
  readonly id: string
  /**
   * What computes: `cpu`, `wasm`, or an accelerator such as `cuda` or `webgpu`. Their results differ,
   * some by much more than rounding: what is kept from one device must not be mixed with another's.
   */
  readonly device: string
  /**
   * Opens a graph from its bytes or, in Node, from a file (which may have external data).
   *
   * @throws AssayError `ENGINE_FAILED` for a broken model, `ENGINE_UNAVAILABLE` where the runtime or
   *   its device cannot be loaded, `ENGINE_CLOSED` after `close`, `ABORTED`
   */
  open(model: Uint8Array | { readonly path: string }, options?: OpenOptions): Promise<EngineSession>
  /** Ends all sessions and workers; runs under way settle, with their result or `ENGINE_CLOSED`. */
  close(): Promise<void>
}

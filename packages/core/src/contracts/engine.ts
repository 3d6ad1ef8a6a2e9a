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

/** A loaded ONNX graph. */
export interface EngineSession {
  readonly inputs: readonly TensorSpecification[]
  readonly outputs: readonly TensorSpecification[]
  /**
   * Runs the graph once.
   *
   * @param feeds one tensor an input
   * @throws AssayError `ENGINE_FAILED` where the runtime refuses, `ENGINE_CLOSED` after `close`
   */
  run(
    feeds: Readonly<Record<string, Tensor>>,
    options?: { readonly outputs?: readonly string[]; readonly signal?: AbortSignal },
  ): Promise<Record<string, Tensor>>
  close(): Promise<void>
}

/** Runs ONNX graphs, off the caller's thread. */
export interface Engine {
  readonly specificationVersion: 1
  /** Runtime and version, for instance `onnxruntime-node 1.30.0`. */
  readonly id: string
  /** Opens a graph from its bytes or, in Node, from a file (which may have external data). */
  open(
    model: Uint8Array | { readonly path: string },
    options?: { readonly signal?: AbortSignal },
  ): Promise<EngineSession>
  /** Ends all sessions and workers. */
  close(): Promise<void>
}

import type { AssayErrorCode, EngineSession, Tensor } from '@assay/core'

/** Name, element type and shape of a model's input or output. */
export type TensorSpecification = EngineSession['inputs'][number]

/** What a session tells about its graph. */
export interface SessionDescription {
  readonly inputs: readonly TensorSpecification[]
  readonly outputs: readonly TensorSpecification[]
}

/** Everything a worker can be asked for: name, argument and answer. */
export interface WorkerCalls {
  'open-session': {
    argument: {
      readonly session: number
      readonly model: Uint8Array | string
      readonly threads: number
    }
    answer: SessionDescription
  }
  'run-session': {
    argument: {
      readonly session: number
      readonly feeds: Readonly<Record<string, Tensor>>
      readonly outputs: readonly string[]
    }
    answer: Record<string, Tensor>
  }
  'close-session': { argument: { readonly session: number }; answer: undefined }
}

/** Name of a call. */
export type WorkerCall = keyof WorkerCalls

/** What travels to a worker. */
export type WorkerRequest =
  | {
      [Name in WorkerCall]: {
        readonly id: number
        readonly name: Name
        readonly argument: WorkerCalls[Name]['argument']
      }
    }[WorkerCall]
  | { readonly id: number; readonly name: 'abort' }

/** An AssayError in a form that survives the way between threads. */
export interface WireError {
  readonly code: AssayErrorCode
  readonly message: string
  readonly remedy: string
}

/** What travels back. */
export type WorkerReply =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: WireError }

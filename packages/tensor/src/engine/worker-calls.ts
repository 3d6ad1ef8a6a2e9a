import type { AssayError, AssayErrorCode, EngineSession, Tensor } from '@assay/core'
import type { DeviceChoice } from './device.js'

/** Name, element type and shape of a model's input or output. */
export type TensorSpecification = EngineSession['inputs'][number]

/** What a session tells about its graph. */
export interface SessionDescription {
  readonly inputs: readonly TensorSpecification[]
  readonly outputs: readonly TensorSpecification[]
}

/** Rows `start` up to `end` of a tensor that lives in the worker; can be posted and kept. */
export interface ResidentHandle {
  readonly resident: number
  readonly start: number
  readonly end: number
}

/** A tensor as it lies in a file: raw values, row-major, little-endian. */
export interface TensorRegion {
  readonly path: string
  /** Where the first value begins, in bytes. */
  readonly offset: number
  readonly type: Tensor['type']
  readonly dims: readonly number[]
}

/** What a run is fed with: a tensor that travels, or one that is already there. */
export type WireFeed = Tensor | ResidentHandle

/** What a worker starts with. */
export interface WorkerStart {
  /** Memory of the native gate. */
  readonly gate: SharedArrayBuffer
  readonly choice: DeviceChoice
}

/**
 * Everything a worker can be asked for: name, argument and answer. Sessions, tensors and tasks go by
 * numbers that the engine gives.
 */
export interface WorkerCalls {
  'open-session': {
    argument: {
      readonly number: number
      readonly model: Uint8Array | string
      readonly threads: number
    }
    answer: SessionDescription
  }
  'run-session': {
    argument: {
      readonly number: number
      readonly feeds: Readonly<Record<string, WireFeed>>
      readonly outputs: readonly string[]
    }
    answer: Record<string, Tensor>
  }
  'place-tensor': {
    argument: { readonly number: number; readonly source: Tensor | TensorRegion }
    answer: undefined
  }
  'start-task': {
    argument: {
      readonly number: number
      readonly module: string
      readonly argument: unknown
      readonly threads: number
    }
    answer: undefined
  }
  'call-task': {
    argument: { readonly number: number; readonly method: string; readonly argument: unknown }
    answer: unknown
  }
  /** Closes and forgets a session, tensor or task; harmless where there is none of that number. */
  free: { argument: { readonly number: number }; answer: undefined }
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
  readonly location: AssayError['location']
}

/** What travels back. */
export type WorkerReply =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: WireError }

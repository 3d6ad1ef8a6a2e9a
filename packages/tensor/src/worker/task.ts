import type { Tensor } from '@assay/core'
import type { ResidentHandle } from '../engine/worker-calls.js'

/** A graph loaded in the task's own thread. */
export interface TaskSession {
  /** Runs the graph and blocks the thread meanwhile; feeds are not copied. */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>
  close(): Promise<void>
}

/** What a task finds in its worker. */
export interface TaskContext {
  /** Threads that its sessions use. */
  readonly threads: number
  /** Opens a graph beside the data. */
  openSession(model: Uint8Array): Promise<TaskSession>
  /** The tensor behind a handle, itself and not a copy; only its sole holder may change it. */
  tensor(handle: ResidentHandle): Tensor
}

/**
 * What a task answers to. Typed arrays in an answer are moved to the caller: a method must not return
 * one that it keeps.
 */
export type TaskMethods = Readonly<
  Record<string, (argument: never, signal: AbortSignal) => Promise<unknown>>
>

/** A computation that lives in a worker. */
export interface Task<Methods extends TaskMethods = TaskMethods> {
  readonly methods: Methods
  /** Frees what it holds. */
  close(): Promise<void>
}

/** A module that `startTask` can load. */
export interface TaskModule {
  createTask(context: TaskContext, argument: unknown): Promise<Task>
}

// The engine.
export { createEngine, type EngineOptions } from './engine/create-engine.js'
export type {
  Model,
  NodeEngine,
  NodeOpenOptions,
  PlaceOptions,
  TaskOptions,
} from './engine/node-engine.js'
export type { NodeSession } from './engine/pooled-session.js'
// Tensors that live in a worker.
export type { ResidentTensor } from './engine/resident-tensor.js'
export type { Feed } from './engine/wire-feeds.js'
export type { ResidentHandle, TensorRegion, TensorSpecification } from './engine/worker-calls.js'
// Tasks: modules that run in a worker.
export type { TaskCallOptions, WorkerTask } from './engine/worker-task.js'
export type { Task, TaskContext, TaskMethods, TaskModule, TaskSession } from './worker/task.js'

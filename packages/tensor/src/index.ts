// The engine.
export { createEngine, type EngineOptions } from './engine/create-engine.js'
export { type Device, devices } from './engine/device.js'
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
export { type DeviceTrial, type TryDeviceOptions, tryDevice } from './engine/try-device.js'
export type { Feed } from './engine/wire-feeds.js'
export type { ResidentHandle, TensorRegion, TensorSpecification } from './engine/worker-calls.js'
// Tasks, as their caller sees them.
export type { TaskCallOptions, WorkerTask } from './engine/worker-task.js'
// Models that nobody vouches for.
export {
  createIsolatedEngine,
  type IsolatedEngineOptions,
} from './isolated/create-isolated-engine.js'
export { defaultIsolationLimits, type IsolationLimits } from './isolated/isolation-limits.js'
// Tasks: modules that run in a worker.
export type { Task, TaskContext, TaskMethods, TaskModule, TaskSession } from './worker/task.js'

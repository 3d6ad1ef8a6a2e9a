import { parentPort, workerData } from 'node:worker_threads'
import { AssayError } from '@assay/core'
import { runtimeError } from '../engine/engine-errors.js'
import { NativeGate } from '../engine/native-gate.js'
import type { WireError, WorkerReply, WorkerRequest, WorkerStart } from '../engine/worker-calls.js'
import { transferables } from './transferables.js'
import { WorkerState } from './worker-state.js'

const port = parentPort
if (port === null) {
  throw new AssayError({
    code: 'INTERNAL',
    message: 'The worker script of @assay/tensor was imported into a main thread.',
    remedy: 'Use createEngine, which starts it.',
  })
}

const start = workerData as WorkerStart
const state = new WorkerState(new NativeGate(start.gate), start.choice)
const aborts = new Map<number, AbortController>()

function handle(
  request: Exclude<WorkerRequest, { name: 'abort' }>,
  signal: AbortSignal,
): Promise<unknown> {
  switch (request.name) {
    case 'open-session':
      return state.openSession(request.argument)
    case 'run-session':
      return state.runSession(request.argument)
    case 'place-tensor':
      return state.placeTensor(request.argument)
    case 'start-task':
      return state.startTask(request.argument)
    case 'call-task':
      return state.callTask(request.argument, signal)
    case 'free':
      return state.free(request.argument)
  }
}

const wireError = (error: unknown): WireError =>
  (AssayError.isInstance(error) ? error : runtimeError(error)).toJSON()

port.on('message', async (request: WorkerRequest) => {
  if (request.name === 'abort') {
    aborts.get(request.id)?.abort()
    return
  }
  const { id } = request
  const abort = new AbortController()
  aborts.set(id, abort)
  try {
    const answer = await handle(request, abort.signal)
    port.postMessage({ id, answer } satisfies WorkerReply, transferables(answer))
  } catch (error) {
    port.postMessage({ id, error: wireError(error) } satisfies WorkerReply)
  } finally {
    aborts.delete(id)
  }
})

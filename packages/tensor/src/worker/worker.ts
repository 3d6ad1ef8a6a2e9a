import { parentPort } from 'node:worker_threads'
import { AssayError } from '@assay/core'
import type { WireError, WorkerReply, WorkerRequest } from '../engine/worker-calls.js'
import { SessionStore } from './session-store.js'
import { transferables } from './transferables.js'

const port = parentPort
if (port === null) {
  throw new AssayError({
    code: 'INTERNAL',
    message: 'The worker script of @assay/tensor was imported into a main thread.',
    remedy: 'Use createEngine, which starts it.',
  })
}

const sessions = new SessionStore()
const aborts = new Map<number, AbortController>()

function handle(request: Exclude<WorkerRequest, { name: 'abort' }>): Promise<unknown> {
  switch (request.name) {
    case 'open-session':
      return sessions.open(request.argument)
    case 'run-session':
      return sessions.run(request.argument)
    case 'close-session':
      return sessions.close(request.argument)
  }
}

function wireError(error: unknown): WireError {
  if (AssayError.isInstance(error)) {
    const { code, message, remedy } = error
    return { code, message, remedy }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'ENGINE_FAILED', message, remedy: 'Read what the runtime says about the model.' }
}

port.on('message', async (request: WorkerRequest) => {
  if (request.name === 'abort') {
    aborts.get(request.id)?.abort()
    return
  }
  const { id } = request
  aborts.set(id, new AbortController())
  try {
    const answer = await handle(request)
    port.postMessage({ id, answer } satisfies WorkerReply, transferables(answer))
  } catch (error) {
    port.postMessage({ id, error: wireError(error) } satisfies WorkerReply)
  } finally {
    aborts.delete(id)
  }
})

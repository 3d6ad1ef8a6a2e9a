import { parentPort, workerData } from 'node:worker_threads'
import type { Preprocessing } from './preprocessing.js'
import { resizeSteps } from './resize-steps.js'

/** A picture in memory that the threads share; the worker may read it until it answers. */
export interface SharedPicture {
  readonly width: number
  readonly height: number
  readonly memory: SharedArrayBuffer
}

// Resizes one picture after another by the rule that it was started with.
parentPort?.on('message', ({ width, height, memory }: SharedPicture) => {
  const data = new Uint8Array(memory, 0, width * height * 3)
  const steps = resizeSteps({ width, height, data }, workerData as Preprocessing)
  let step = steps.next()
  while (!step.done) step = steps.next()
  parentPort?.postMessage(step.value, [step.value.data.buffer as ArrayBuffer])
})

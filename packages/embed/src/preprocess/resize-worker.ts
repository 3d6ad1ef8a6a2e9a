import { parentPort, workerData } from 'node:worker_threads'
import type { RgbImage } from '@assay/core'
import type { Preprocessing } from './preprocessing.js'
import { resizeSteps } from './resize-steps.js'

/** A picture at the beginning of memory that moves to the worker. */
export interface MovedPicture {
  readonly width: number
  readonly height: number
  readonly memory: ArrayBuffer
}

/**
 * What the worker answers. The memory moves back, so that it is used again or freed by the main thread;
 * a worker collects its garbage late.
 */
export interface ResizeAnswer {
  readonly resized: RgbImage
  readonly memory: ArrayBuffer
}

// Resizes one picture after another by the rule that it was started with.
parentPort?.on('message', ({ width, height, memory }: MovedPicture) => {
  const data = new Uint8Array(memory, 0, width * height * 3)
  const steps = resizeSteps({ width, height, data }, workerData as Preprocessing)
  let step = steps.next()
  while (!step.done) step = steps.next()
  const answer: ResizeAnswer = { resized: step.value, memory }
  parentPort?.postMessage(answer, [step.value.data.buffer as ArrayBuffer, memory])
})

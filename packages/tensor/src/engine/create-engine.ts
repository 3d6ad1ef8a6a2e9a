import { availableParallelism } from 'node:os'
import { AssayError } from '@assay/core'
import type { NodeEngine } from './node-engine.js'
import { OnnxRuntimeEngine } from './onnx-runtime-engine.js'

/** What an engine may use. */
export interface EngineOptions {
  /** Threads that all computations together keep busy. Default: the cores this process may use. */
  readonly threads?: number
  /**
   * Worker threads, that is runs that can go side by side; at most `threads`. Each holds its own copy
   * of a model opened with `replicas: 'every'`. Default: `threads`, but at most 4.
   */
  readonly workers?: number
}

/**
 * An engine that runs ONNX graphs on onnxruntime-node in worker threads: the calling thread never
 * blocks, and all its sessions share one thread budget. Workers start when first needed, and one that
 * was lost is replaced at the next `open`. An engine that is forgotten does not keep the process alive.
 *
 * @throws AssayError `INVALID_ARGUMENT` where threads or workers is no positive integer, or there are
 *   more workers than threads
 */
export function createEngine({
  threads = availableParallelism(),
  workers = Math.min(threads, 4),
}: EngineOptions = {}): NodeEngine {
  assertCount('threads', threads, Number.MAX_SAFE_INTEGER)
  assertCount('workers', workers, threads)
  return new OnnxRuntimeEngine(threads, workers)
}

function assertCount(name: string, value: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The engine cannot have ${value} ${name}.`,
    value,
    remedy: 'Give a whole number of threads from 1, and no more workers than threads.',
  })
}

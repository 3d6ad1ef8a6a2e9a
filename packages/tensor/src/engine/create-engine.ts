import { availableParallelism } from 'node:os'
import { AssayError } from '@assay/core'
import { type Device, devices } from './device.js'
import type { NodeEngine } from './node-engine.js'
import { OnnxRuntimeEngine } from './onnx-runtime-engine.js'

/** What an engine may use. */
export interface EngineOptions {
  /** Threads that all computations together keep busy. Default: the cores this process may use. */
  readonly threads?: number
  /**
   * Worker threads, that is runs that can go side by side; at most `threads`, and 1 on webgpu. Each
   * holds its own copy of a model opened with `replicas: 'every'`. Default: on the cpu `threads`, but at
   * most 4; on other devices 1.
   */
  readonly workers?: number
  /**
   * What computes. A device other than cpu must be there, or the first `open` fails: nothing takes its
   * place. The results of two devices differ. Default: cpu
   */
  readonly device?: Device
  /**
   * Whether a model is refused (`ENGINE_FAILED`) that has an operator for which the device has no
   * kernel. Otherwise that operator runs on the CPU, and the rest on the device. Default: false
   */
  readonly deviceOnly?: boolean
}

/**
 * An engine that runs ONNX graphs on onnxruntime-node in worker threads: the calling thread never
 * blocks, and all its sessions share one thread budget. Workers start when first needed, and one that
 * was lost is replaced at the next `open`. An engine that is forgotten does not keep the process alive.
 *
 * @throws AssayError `INVALID_ARGUMENT` where threads or workers is no positive integer, there are more
 *   workers than threads or than the device allows, or no such device is known; `ENGINE_UNAVAILABLE`
 *   for a second engine on webgpu in this process
 */
export function createEngine({
  threads = availableParallelism(),
  device = 'cpu',
  deviceOnly = false,
  workers = device === 'cpu' ? Math.min(threads, 4) : 1,
}: EngineOptions = {}): NodeEngine {
  assertDevice(device)
  assertCount('threads', threads, Number.MAX_SAFE_INTEGER)
  // The runtime dies where two threads use its WebGPU.
  assertCount('workers', workers, device === 'webgpu' ? 1 : threads)
  return new OnnxRuntimeEngine({ threads, workers, device, deviceOnly })
}

function assertCount(name: string, value: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The engine cannot have ${value} ${name}.`,
    value,
    remedy: 'Give a whole number of threads from 1, no more workers than threads, and 1 on webgpu.',
  })
}

function assertDevice(device: string): void {
  if ((devices as readonly string[]).includes(device)) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `There is no device '${device}'.`,
    value: device,
    remedy: `Choose one of: ${devices.join(', ')}.`,
  })
}

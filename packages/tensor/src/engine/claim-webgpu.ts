import { AssayError } from '@assay/core'

/** The engine that holds WebGPU. It belongs to the process, as the runtime's WebGPU does. */
let holder: symbol | null = null

/**
 * Claims WebGPU for an engine, and gives the way to let it go. onnxruntime-node keeps one WebGPU a process
 * and dies of a segmentation fault where two threads use it.
 *
 * @throws AssayError `ENGINE_UNAVAILABLE` where another engine of this process has claimed it
 */
export function claimWebgpu(): () => void {
  if (holder !== null) {
    throw new AssayError({
      code: 'ENGINE_UNAVAILABLE',
      message: 'Another engine of this process computes on webgpu, which is not safe to share.',
      value: 'webgpu',
      remedy: 'Use that engine for everything, or close it first.',
    })
  }
  const claim = Symbol('webgpu')
  holder = claim
  return () => {
    if (holder === claim) holder = null
  }
}

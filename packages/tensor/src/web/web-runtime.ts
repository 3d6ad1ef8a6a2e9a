import { AssayError } from '@assay/core'
import type { Env } from 'onnxruntime-web'
import { runTrial } from '../engine/run-trial.js'

/** The module `onnxruntime-web`. */
export type WebRuntime = typeof import('onnxruntime-web')

/** What an engine in a browser can compute on. */
export type WebDevice = 'wasm' | 'webgpu'

/** How the runtime of a page is set up. */
export interface WebRuntimeOptions {
  readonly device: WebDevice
  readonly threads: number
  readonly runtimeFiles: string | undefined
}

const remedies: Readonly<Record<WebDevice, string>> = {
  wasm: 'Serve the .wasm file of onnxruntime-web beside the script, or name its folder in `runtimeFiles`.',
  webgpu:
    'Serve the .wasm file of onnxruntime-web, and take a browser with WebGPU and a GPU; or take the device wasm.',
}

/**
 * Loads ONNX Runtime for a device and has it compute something there. A page has one runtime for each
 * device, and the first engine sets it up.
 *
 * @throws AssayError `ENGINE_UNAVAILABLE` where the package, its .wasm file or the device cannot be
 *   loaded; `INVALID_ARGUMENT` where the page's runtime is set up otherwise
 */
export async function loadWebRuntime(options: WebRuntimeOptions): Promise<WebRuntime> {
  const { device } = options
  try {
    const runtime = await importRuntime(device)
    setUp(runtime.env, options)
    await runTrial(runtime, { device, alone: device !== 'wasm' })
    return runtime
  } catch (cause) {
    if (AssayError.isInstance(cause) && cause.code === 'INVALID_ARGUMENT') throw cause
    throw unavailable(device, cause)
  }
}

function unavailable(device: WebDevice, cause: unknown): AssayError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new AssayError({
    code: 'ENGINE_UNAVAILABLE',
    message: `onnxruntime-web cannot compute on ${device} here: ${reason}`,
    value: device,
    remedy: remedies[device],
    cause,
  })
}

/** The build of a device alone: that for WebGPU is larger. */
const importRuntime = (device: WebDevice): Promise<WebRuntime> =>
  device === 'wasm' ? import('onnxruntime-web/wasm') : import('onnxruntime-web/webgpu')

/** Sets up what can be set up once only: the runtime reads it as it starts. */
function setUp(env: Env, { threads, runtimeFiles }: WebRuntimeOptions): void {
  env.logLevel = 'fatal' // What goes wrong is thrown.
  const { wasm } = env
  if (wasm.numThreads === undefined) {
    wasm.numThreads = threads
    if (runtimeFiles !== undefined) wasm.wasmPaths = runtimeFiles
  }
  if (wasm.numThreads !== threads) throw isSetUp('threads', wasm.numThreads)
  if (runtimeFiles !== undefined && wasm.wasmPaths !== runtimeFiles) {
    throw isSetUp('runtimeFiles', wasm.wasmPaths ?? null)
  }
}

const isSetUp = (option: string, value: unknown) =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The ONNX Runtime of this page is set up with ${option} ${JSON.stringify(value)}.`,
    value,
    remedy: 'Make one engine a page, or all with the same options.',
  })

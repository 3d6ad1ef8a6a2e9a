import { AssayError, type Engine } from '@assay/core'
import { WebEngine } from './web-engine.js'
import { loadWebRuntime, type WebDevice } from './web-runtime.js'

/** What an engine in a browser may use. */
export interface WebEngineOptions {
  /**
   * What computes: `wasm`, on the processor, or `webgpu`, which must be there: nothing takes its place.
   * Default: wasm
   */
  readonly device?: WebDevice
  /**
   * Threads of the runtime. More than one need a cross-origin isolated page and `runtimeFiles`.
   * Default: 1
   */
  readonly threads?: number
  /**
   * URL of a folder, with a slash at its end, that serves onnxruntime-web's files `ort-wasm-*.mjs` and
   * `ort-wasm-*.wasm`. Default: none; the one `.wasm` file is fetched from beside the script.
   */
  readonly runtimeFiles?: string
}

/**
 * An engine that runs ONNX graphs on onnxruntime-web, in the thread that it is made in: a run on wasm
 * blocks that thread, so make it in a worker where a page must go on. Runs go one after another. A page,
 * or a worker, has one runtime, set up by its first engine.
 *
 * @throws AssayError `ENGINE_UNAVAILABLE` where the runtime or the device cannot be loaded, or threads
 *   are wanted and the page is not cross-origin isolated; `INVALID_ARGUMENT` where threads is no
 *   positive integer or wants `runtimeFiles`, or the page's runtime is set up otherwise
 */
export async function createWebEngine({
  device = 'wasm',
  threads = 1,
  runtimeFiles,
}: WebEngineOptions = {}): Promise<Engine> {
  if (threads !== 1) assertThreads(threads, runtimeFiles)
  return new WebEngine(await loadWebRuntime({ device, threads, runtimeFiles }), device)
}

function assertThreads(threads: number, runtimeFiles: string | undefined): void {
  const isCount = Number.isSafeInteger(threads) && threads >= 1
  // Threads start the runtime's script once more; bundled, it would be the page's own script.
  if (!isCount || runtimeFiles === undefined) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `The engine cannot have ${threads} threads${isCount ? ' without runtimeFiles' : ''}.`,
      value: threads,
      remedy: 'Give 1, or a larger whole number and the folder of the runtime in `runtimeFiles`.',
    })
  }
  const { crossOriginIsolated = false } = globalThis as { crossOriginIsolated?: boolean }
  if (crossOriginIsolated) return
  throw new AssayError({
    code: 'ENGINE_UNAVAILABLE',
    message: `${threads} threads need a page that is cross-origin isolated.`,
    value: threads,
    remedy:
      'Serve the page with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, or take one thread.',
  })
}

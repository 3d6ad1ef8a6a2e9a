import { AssayError } from '@assay/core'

/** The module `onnxruntime-node`. */
export type OnnxRuntime = typeof import('onnxruntime-node')

/**
 * Loads ONNX Runtime, once a thread.
 *
 * @throws AssayError `ENGINE_UNAVAILABLE` where it is not installed or has no binary for this machine
 */
export async function loadOnnxRuntime(): Promise<OnnxRuntime> {
  try {
    const runtime = await import('onnxruntime-node')
    // What goes wrong is thrown; on stderr it would come a second time, amid other programs' output.
    runtime.env.logLevel = 'fatal'
    return runtime
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new AssayError({
      code: 'ENGINE_UNAVAILABLE',
      message: `onnxruntime-node cannot be loaded on ${process.platform} ${process.arch}: ${reason}`,
      value: `${process.platform} ${process.arch}`,
      remedy: 'Install onnxruntime-node, on a platform that it has a binary for.',
      cause,
    })
  }
}

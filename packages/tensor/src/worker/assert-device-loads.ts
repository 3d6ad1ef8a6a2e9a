import { AssayError } from '@assay/core'
import { type Device, deviceRemedies } from '../engine/device.js'
import type { NativeGate } from '../engine/native-gate.js'
import { createGraph } from '../graph/graph.js'
import { add } from '../graph/operations/arithmetic.js'
import { loadOnnxRuntime } from './onnx-runtime.js'

/** One sum of fixed size, which every device can compute. */
function trialGraph(): Uint8Array {
  const graph = createGraph({ name: 'trial' })
  const x = graph.input('x', 'float32', [4])
  graph.output('y', add(x, x))
  return graph.toBytes()
}

/**
 * Computes a sum on an accelerator with the CPU forbidden, since ONNX Runtime is otherwise free to hand
 * it to the CPU without a word. (The device cpu itself is forbidden too, then.)
 *
 * @throws AssayError `ENGINE_UNAVAILABLE` where the device cannot be loaded, or computes nonsense
 */
export async function assertDeviceLoads(gate: NativeGate, device: Device): Promise<void> {
  const runtime = await gate.pass(loadOnnxRuntime)
  const trial = async () => {
    const session = await runtime.InferenceSession.create(trialGraph(), {
      executionProviders: [device],
      extra: { session: { disable_cpu_ep_fallback: '1' } },
      logSeverityLevel: 4,
    })
    const { y } = await session.run({ x: new runtime.Tensor(Float32Array.of(1, 2, 3, 4), [4]) })
    await session.release()
    return String(y?.data)
  }
  const result = await gate.pass(trial).catch((cause: unknown) => {
    throw unavailable(device, cause)
  })
  if (result !== '2,4,6,8') throw unavailable(device, `1,2,3,4 doubled is ${result}`)
}

function unavailable(device: Device, cause: unknown): AssayError {
  const reason = cause instanceof Error ? cause.message.trim() : String(cause)
  const platform = `${process.platform} ${process.arch}`
  return new AssayError({
    code: 'ENGINE_UNAVAILABLE',
    message: `The device ${device} cannot be loaded on ${platform}: ${reason}`,
    value: device,
    remedy: deviceRemedies[device],
    cause,
  })
}

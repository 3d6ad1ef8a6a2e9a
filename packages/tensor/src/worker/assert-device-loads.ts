import { AssayError } from '@assay/core'
import { type Device, deviceRemedies } from '../engine/device.js'
import type { NativeGate } from '../engine/native-gate.js'
import { runTrial } from '../engine/run-trial.js'
import { loadOnnxRuntime } from './onnx-runtime.js'

/**
 * Tries an accelerator, with the CPU forbidden. (The device cpu itself is forbidden too, then.)
 *
 * @throws AssayError `ENGINE_UNAVAILABLE` where the device cannot be loaded, or computes nonsense
 */
export async function assertDeviceLoads(gate: NativeGate, device: Device): Promise<void> {
  const runtime = await gate.pass(loadOnnxRuntime)
  try {
    await gate.pass(() => runTrial(runtime, { device, alone: true }))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.trim() : String(cause)
    throw new AssayError({
      code: 'ENGINE_UNAVAILABLE',
      message: `The device ${device} cannot be loaded on ${process.platform} ${process.arch}: ${reason}`,
      value: device,
      remedy: deviceRemedies[device],
      cause,
    })
  }
}

import type { Device } from '../engine/device.js'
import { runTrial } from '../engine/run-trial.js'
import { loadOnnxRuntime } from './onnx-runtime.js'

/** Run as a process of its own by `tryDevice`: writes what went wrong, or nothing, to stdout. */
const device = process.argv[2] as Device
try {
  await runTrial(await loadOnnxRuntime(), { device, alone: device !== 'cpu' })
} catch (error) {
  process.stdout.write(error instanceof Error ? error.message : String(error))
}

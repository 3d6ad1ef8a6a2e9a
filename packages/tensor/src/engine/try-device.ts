import { type ExecFileException, execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { builtScript } from './built-script.js'
import { type Device, deviceRemedies } from './device.js'

/** What came of trying a device. */
export interface DeviceTrial {
  readonly device: Device
  readonly works: boolean
  /** Why it does not work; empty where it does. */
  readonly reason: string
  /** What to do where it does not work. */
  readonly remedy: string
}

/** How a device is tried. */
export interface TryDeviceOptions {
  /** Seconds after which it counts as not working. Default: 20 */
  readonly seconds?: number
}

/**
 * Tries whether a device computes on this machine, in a process of its own: a driver that crashes or
 * hangs cannot take the caller with it. The CPU is forbidden in the trial of any other device. Never
 * throws.
 */
export function tryDevice(
  device: Device,
  { seconds = 20 }: TryDeviceOptions = {},
): Promise<DeviceTrial> {
  const script = fileURLToPath(builtScript('device-trial.js'))
  return new Promise((resolve) => {
    execFile(process.execPath, [script, device], { timeout: seconds * 1000 }, (error, stdout) => {
      const reason = error === null ? stdout.trim() : endOf(error, seconds)
      resolve({ device, works: reason === '', reason, remedy: deviceRemedies[device] })
    })
  })
}

/** How a process ended that should have ended with code 0. */
function endOf({ killed, signal, code }: ExecFileException, seconds: number): string {
  if (killed) return `no answer within ${seconds} seconds`
  return signal ? `its process was ended by ${signal}` : `its process ended with code ${code}`
}

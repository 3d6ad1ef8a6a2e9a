import { type Device, devices, tryDevice } from '@assay/tensor'
import type { Check } from './check.js'

/** Only the cpu is needed; the others may be there. */
const deviceCheck = (device: Device): Check => ({
  name: `Device ${device}`,
  needed: device === 'cpu',
  remedy: '',
  async attempt() {
    const { works, reason, remedy } = await tryDevice(device)
    return { works, detail: works ? 'computes' : reason, remedy }
  },
})

/** Every device is tried in a process of its own. */
export const deviceChecks: readonly Check[] = devices.map(deviceCheck)

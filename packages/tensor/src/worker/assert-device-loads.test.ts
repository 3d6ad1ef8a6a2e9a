import { describe, expect, it } from 'vitest'
import { NativeGate } from '../engine/native-gate.js'
import { assertDeviceLoads } from './assert-device-loads.js'

describe('assertDeviceLoads', () => {
  it('is not taken in by a runtime that computes on the CPU instead', async () => {
    await expect(assertDeviceLoads(new NativeGate(), 'cpu')).rejects.toThrowError(
      expect.objectContaining({
        code: 'ENGINE_UNAVAILABLE',
        value: 'cpu',
        message: expect.stringContaining('fallback to CPU EP has been explicitly disabled'),
      }),
    )
  })

  it('says what a device needs that is not there', async () => {
    const device = process.platform === 'win32' ? 'coreml' : 'dml'
    await expect(assertDeviceLoads(new NativeGate(), device)).rejects.toThrowError(
      expect.objectContaining({
        code: 'ENGINE_UNAVAILABLE',
        value: device,
        remedy: expect.stringMatching(/^Needs .*take the device cpu/),
      }),
    )
  })
})

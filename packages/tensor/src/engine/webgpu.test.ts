import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { softwareVulkan } from './__fixtures__/software-vulkan.js'
import { tryDevice } from './try-device.js'

const vulkan = softwareVulkan()

describe.skipIf(vulkan === null)('the engine on webgpu, in software', () => {
  afterEach(() => vi.unstubAllEnvs())

  it('holds to the contract', async () => {
    const script = new URL('./__fixtures__/conformance-of-device.mjs', import.meta.url)
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [fileURLToPath(script), 'webgpu'],
      { timeout: 25_000, env: { ...process.env, ...vulkan } },
    )
    expect(stdout).toBe('')
  })

  it('is found by a trial', async () => {
    for (const [name, value] of Object.entries(vulkan ?? {})) vi.stubEnv(name, value)
    expect(await tryDevice('webgpu')).toMatchObject({ works: true, reason: '' })
  })
})

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { softwareVulkan } from './__fixtures__/software-vulkan.js'
import { tryDevice } from './try-device.js'

const vulkan = softwareVulkan()

/** What a script says that finds the Vulkan in software as it starts. */
async function outputOf(name: string): Promise<string> {
  const script = fileURLToPath(new URL(`./__fixtures__/${name}`, import.meta.url))
  const options = { timeout: 25_000, env: { ...process.env, ...vulkan } }
  return (await promisify(execFile)(process.execPath, [script, 'webgpu'], options)).stdout
}

describe.skipIf(vulkan === null)('the engine on webgpu, in software', () => {
  afterEach(() => vi.unstubAllEnvs())

  it('holds to the contract', async () => {
    expect(await outputOf('conformance-of-device.mjs')).toBe('')
  })

  it('runs float64 on the cpu, which WebGPU lacks, unless it is to do all itself', async () => {
    expect(JSON.parse(await outputOf('doubles-on-device.mjs'))).toEqual({
      shared: [2, 4],
      deviceOnly: {
        code: 'ENGINE_FAILED',
        message: expect.stringContaining('assigned to the default CPU'),
      },
    })
  })

  it('is found by a trial', async () => {
    for (const [name, value] of Object.entries(vulkan ?? {})) vi.stubEnv(name, value)
    expect(await tryDevice('webgpu')).toMatchObject({ works: true, reason: '' })
  })
})

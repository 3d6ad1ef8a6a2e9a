import { existsSync } from 'node:fs'
import { dirname } from 'node:path'

/** Chromium's Vulkan in software, where a Debian package has put it. */
const driver = '/usr/lib/chromium/vk_swiftshader_icd.json'

/**
 * Environment in which a process finds a Vulkan in software, as what `webgpu` computes on; null where
 * there is none. The libraries must be found as the process starts.
 */
export function softwareVulkan(): Record<string, string> | null {
  if (process.platform === 'linux' && process.arch === 'x64' && existsSync(driver)) {
    return { LD_LIBRARY_PATH: dirname(driver), VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver }
  }
  console.warn(`webgpu tests are skipped: there is no ${driver} of a Chromium`)
  return null
}

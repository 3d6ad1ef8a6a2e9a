import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const places = [
  process.env['ASSAY_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Path of a Chromium on this machine; null where there is none and none is required. */
export function findChromium(): string | null {
  const found = places.find((place) => place !== undefined && existsSync(place)) ?? null
  if (found === null && process.env['ASSAY_REQUIRE_BROWSER'] === '1') {
    throw new Error('ASSAY_REQUIRE_BROWSER is set, but no Chromium was found')
  }
  if (found === null) console.warn('Browser tests are skipped: no Chromium found (set ASSAY_CHROMIUM)')
  return found
}

export function launchChromium(
  executablePath: string,
  flags: readonly string[] = ['--disable-gpu'],
): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-background-networking', ...flags]
  return chromium.launch({ executablePath, args })
}

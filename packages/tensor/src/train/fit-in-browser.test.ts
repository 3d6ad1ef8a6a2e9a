import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../engine/create-engine.js'
import { findChromium } from '../web/__fixtures__/chromium.js'
import { type OpenPage, openPage } from '../web/__fixtures__/open-page.js'
import { sampleFit } from './__fixtures__/sample-fit.js'

const chromium = findChromium()

describe.skipIf(chromium === null)('fit in a browser', () => {
  let page: OpenPage
  beforeAll(async () => {
    page = await openPage({
      executablePath: chromium ?? '',
      flags: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
    })
  }, 60_000)
  afterAll(() => page.close())

  it.each([
    ['wasm', 1e-5],
    ['webgpu', 1e-3],
  ] as const)(
    'gives on %s what it gives in Node',
    { timeout: 120_000 },
    async (device, tolerance) => {
      const engine = createEngine({ threads: 1 })
      const expected = await sampleFit(engine)
      await engine.close()
      const seen = await page.call('fit', { device })
      const farthest = (values: readonly number[], others: readonly number[]) =>
        Math.max(...values.map((value, at) => Math.abs(value - (others[at] ?? Number.NaN))))
      expect(farthest(seen.losses, expected.losses)).toBeLessThan(tolerance)
      expect(farthest(seen.weight, expected.weight)).toBeLessThan(tolerance)
      expect(page.errors).toEqual([])
    },
  )
})

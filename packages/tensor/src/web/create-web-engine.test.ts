import { engineConformance } from '@assay/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../engine/create-engine.js'
import { findChromium } from './__fixtures__/chromium.js'
import { type OpenPage, type OpenPageOptions, openPage } from './__fixtures__/open-page.js'
import { sampleFeeds, sampleGraph } from './__fixtures__/sample-graph.js'
import type { WebEngineOptions } from './create-web-engine.js'

const chromium = findChromium()
/** Chromium's own Vulkan in software, so that WebGPU can be tried where there is no GPU. */
const softwareGpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']
const names = engineConformance({ createEngine }).map(({ name }) => name)

/** Opens a page for the tests around the call. */
function usePage(options: Omit<OpenPageOptions, 'executablePath'> = {}): () => OpenPage {
  let page: OpenPage
  beforeAll(async () => {
    page = await openPage({ executablePath: chromium ?? '', ...options })
  }, 60_000)
  afterAll(() => page.close())
  return () => page
}

interface Setting {
  readonly page: Omit<OpenPageOptions, 'executablePath'>
  readonly engine: WebEngineOptions
}

const settings: Record<string, Setting> = {
  wasm: { page: {}, engine: {} },
  'wasm, two threads': {
    page: { isolated: true },
    engine: { threads: 2, runtimeFiles: '/runtime/' },
  },
  webgpu: { page: { flags: softwareGpu }, engine: { device: 'webgpu' } },
}

describe.skipIf(chromium === null)('the engine in a browser', () => {
  describe.each(Object.entries(settings))('on %s', (_, setting) => {
    const page = usePage(setting.page)
    let outcomes: Record<string, string | null> = {}
    beforeAll(async () => {
      outcomes = await page().call('conformance', setting.engine)
    }, 60_000)

    it.each(names)('%s', (name) => expect(outcomes[name]).toBeNull())

    it('writes nothing to the console', () => expect(page().errors).toEqual([]))

    it('runs a graph that was built there to the results of Node', async () => {
      const { device = 'wasm' } = setting.engine
      const contents = { doubles: device === 'wasm' } // The runtime's WebGPU build has no float64.
      const seen = await page().call('sample', setting.engine, contents)
      expect(seen.id).toMatch(/^onnxruntime-web \d+\.\d+\.\d+$/)
      expect(seen.device).toBe(device)
      expect(Uint8Array.from(seen.model)).toEqual(sampleGraph(contents))
      const engine = createEngine({ threads: 1 })
      const session = await engine.open(sampleGraph(contents))
      const results = await session.run(sampleFeeds(contents))
      await engine.close()
      for (const [name, { type, dims, data }] of Object.entries(results)) {
        expect(seen.results[name]).toMatchObject({ type, dims })
        const gaps = [...data].map((value, at) =>
          Math.abs(Number(value) - (seen.results[name]?.values[at] ?? Number.NaN)),
        )
        expect(Math.max(...gaps)).toBeLessThanOrEqual(type === 'float32' ? 1e-6 : 1e-14)
      }
    })
  })

  describe('says what is wrong', () => {
    const page = usePage()

    it.each<[string, WebEngineOptions, string, RegExp]>([
      ['a device that is not there', { device: 'webgpu' }, 'ENGINE_UNAVAILABLE', /GPU adapter/],
      ['no threads', { threads: 0 }, 'INVALID_ARGUMENT', /0 threads/],
      ['threads without the runtime’s files', { threads: 2 }, 'INVALID_ARGUMENT', /runtimeFiles/],
      [
        'threads on a page that is not isolated',
        { threads: 2, runtimeFiles: '/runtime/' },
        'ENGINE_UNAVAILABLE',
        /cross-origin isolated/,
      ],
    ])('with %s', async (_, options, code, message) => {
      expect(await page().call('creationError', options)).toMatchObject({
        code,
        message: expect.stringMatching(message),
      })
    })

    it('with a path', async () => {
      expect(await page().call('pathError')).toMatchObject({ code: 'INVALID_ARGUMENT' })
    })

    it('with a page whose runtime is set up otherwise', async () => {
      expect(await page().call('creationError', {})).toBeNull()
      const options = { runtimeFiles: '/elsewhere/' }
      expect(await page().call('creationError', options)).toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('set up with runtimeFiles'),
      })
    })

    it('with a runtime that computes on the processor instead', async () => {
      expect(await page().call('trialAlone')).toMatch(/fallback to CPU EP .*disabled/)
    })
  })

  describe('without the files of its runtime', () => {
    const page = usePage()

    it('says where they must be', async () => {
      const options = { runtimeFiles: '/elsewhere/' }
      expect(await page().call('creationError', options)).toMatchObject({
        code: 'ENGINE_UNAVAILABLE',
        remedy: expect.stringContaining('runtimeFiles'),
      })
    })
  })
})

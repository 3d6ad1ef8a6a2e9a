import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import { type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Browser, Page as BrowserPage } from 'playwright-core'
import { launchChromium } from './chromium.js'
import type { Page } from './page.js'

/** The test page in a browser. */
export interface OpenPage {
  /** Errors on the console and uncaught ones. */
  readonly errors: readonly string[]
  /** Calls one of the page's methods. */
  call<Name extends keyof Page>(
    name: Name,
    ...arguments_: Parameters<Page[Name]>
  ): Promise<Awaited<ReturnType<Page[Name]>>>
  close(): Promise<void>
}

/** How the page is served. */
export interface OpenPageOptions {
  readonly executablePath: string
  /** With the headers of a cross-origin isolated page. Default: false */
  readonly isolated?: boolean
  /** Flags of the browser about its GPU. Default: none is used */
  readonly flags?: readonly string[]
}

/** Files of onnxruntime-web, which lie beside those that it exports. */
const runtimeFolder = dirname(createRequire(import.meta.url).resolve('onnxruntime-web/wasm'))

/** The page's script as a browser gets it. */
export async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./page.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  mjs: 'text/javascript',
  wasm: 'application/wasm',
}

async function serve(script: string, isolated: boolean): Promise<Server> {
  const html =
    '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>'
  const isolation = {
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  }
  const contentOf = async (path: string) => {
    if (path === '/index.html') return html
    if (path === '/page.js') return script
    // Beside the script, and in a folder of their own.
    const file = /^\/(?:runtime\/)?(ort-wasm-[\w.-]+)$/.exec(path)?.[1]
    return file === undefined ? null : readFile(join(runtimeFolder, file))
  }
  const server = createServer(async (request, response) => {
    const path = request.url ?? ''
    const content = await contentOf(path).catch(() => null)
    const type = types[path.split('.').at(-1) ?? ''] ?? 'text/plain'
    response.writeHead(content === null ? 404 : 200, {
      'content-type': type,
      ...(isolated && isolation),
    })
    response.end(content ?? '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function watch(page: BrowserPage): string[] {
  const errors: string[] = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(String(error)))
  return errors
}

/** Bundles the page, serves it on this machine alone, and opens it in headless Chromium. */
export async function openPage(options: OpenPageOptions): Promise<OpenPage> {
  const { executablePath, isolated = false, flags = ['--disable-gpu'] } = options
  const server = await serve(await bundlePage(), isolated)
  const browser: Browser = await launchChromium(executablePath, flags)
  const page = await browser.newPage()
  const errors = watch(page)
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/index.html`)
  return {
    errors,
    call: (name, ...arguments_) =>
      page.evaluate(`page[${JSON.stringify(name)}](...${JSON.stringify(arguments_)})`),
    async close() {
      await browser.close()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

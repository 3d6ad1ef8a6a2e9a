import { pathToFileURL } from 'node:url'
import { launchChromium } from './chromium.js'

/** What a browser saw of a report. */
export interface SeenReport {
  readonly title: string
  readonly text: string
  /** Console errors, page errors and content security policy violations. */
  readonly errors: readonly string[]
  /** Everything asked for besides the file itself and data URLs. */
  readonly requests: readonly string[]
  readonly pictures: number
  readonly loadedPictures: number
  /** Whether a script of a hostile string ran. */
  readonly hacked: boolean
}

/** Opens a report from disk in headless Chromium. */
export async function openReport(executablePath: string, file: string): Promise<SeenReport> {
  const browser = await launchChromium(executablePath)
  try {
    const page = await browser.newPage()
    const errors: string[] = []
    const requests: string[] = []
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
    page.on('pageerror', (error) => errors.push(String(error)))
    page.on('request', (request) => requests.push(request.url()))
    const url = pathToFileURL(file).href
    await page.goto(url, { waitUntil: 'load' })
    const seen = await page.evaluate<Omit<SeenReport, 'errors' | 'requests'>>(`(() => {
      const pictures = [...document.images]
      return {
        title: document.title,
        text: document.body.innerText,
        pictures: pictures.length,
        loadedPictures: pictures.filter((picture) => picture.complete && picture.naturalWidth > 0).length,
        hacked: 'hacked' in window,
      }
    })()`)
    const outside = requests.filter((request) => request !== url && !request.startsWith('data:'))
    return { ...seen, errors, requests: outside }
  } finally {
    await browser.close()
  }
}

import { join, resolve } from 'node:path'
import { type WrittenPictures, writePictures } from '@assay/diffusion'
import type { Device } from '@assay/tensor'
import { exitCode } from '../exit-code.js'
import { decimalNumber, pixelSize, wholeNumber } from '../flag-values.js'
import { openGenerator } from '../generators/open-generator.js'
import { type PictureSettings, pictureRequests } from '../generators/picture-requests.js'
import { readPrompts } from '../generators/read-prompts.js'
import { writeContactSheet } from '../generators/write-contact-sheet.js'
import { interruptSignal } from '../interrupt.js'
import { printJson } from '../print-json.js'
import { progressDisplay } from '../progress-display.js'
import { printable } from '../table.js'

interface GenerateFlags {
  readonly prompt?: readonly string[]
  readonly prompts?: string
  readonly n: string
  readonly seed: string
  readonly model: string
  readonly out: string
  readonly steps?: string
  readonly guidance?: string
  readonly size?: string
  readonly device?: Device
  readonly workflow?: string
  /** True where the flag names no file. */
  readonly contactSheet?: string | true
  readonly tolerance: string
  readonly quiet?: boolean
  readonly json?: boolean
}

/** `assay generate`: prompts to a folder of pictures, with their metadata. */
export async function generateCommand(flags: GenerateFlags): Promise<number> {
  const settings = settingsOf(flags)
  const tolerance = decimalNumber('--tolerance', flags.tolerance)
  const requests = pictureRequests(await readPrompts(flags), settings)
  const display = await progressDisplay({ quiet: flags.quiet === true })
  const interrupt = interruptSignal()
  const { signal } = interrupt
  const opening = {
    ...(flags.device !== undefined && { device: flags.device }),
    ...(flags.workflow !== undefined && { workflow: flags.workflow }),
    signal,
  }
  try {
    const { generator, close } = await openGenerator(flags.model, opening)
    try {
      const { progress } = display
      const written = await writePictures({
        ...{ generator, requests, folder: flags.out, progress, signal },
      })
      const contactSheet = await sheetOf(flags, written, { perPrompt: settings.n, signal })
      display.end()
      const { id, fingerprint } = generator
      tell(flags, { generator: { id, fingerprint }, contactSheet, written })
      const asked = requests.reduce((sum, { count }) => sum + count, 0)
      return written.failures.length > tolerance * asked ? exitCode.partial : exitCode.ok
    } finally {
      await close()
    }
  } finally {
    display.end()
    interrupt.release()
  }
}

function settingsOf({ n, seed, steps, guidance, size }: GenerateFlags): PictureSettings {
  return {
    n: wholeNumber('--n', n),
    seed: wholeNumber('--seed', seed),
    ...(steps !== undefined && { steps: wholeNumber('--steps', steps) }),
    ...(guidance !== undefined && { guidanceScale: decimalNumber('--guidance', guidance) }),
    ...(size !== undefined && pixelSize('--size', size)),
  }
}

/** Path of the sheet, or null where none is wanted or there is nothing to show. */
async function sheetOf(
  { contactSheet, out, quiet }: GenerateFlags,
  written: WrittenPictures,
  options: { readonly perPrompt: number; readonly signal: AbortSignal },
): Promise<string | null> {
  const all = written.pictures.length
  if (contactSheet === undefined || all === 0) return null
  const file = contactSheet === true ? join(out, 'contact-sheet.png') : contactSheet
  const shown = await writeContactSheet(resolve(file), written, options)
  if (shown < all && !quiet) process.stderr.write(`The sheet shows the first ${shown} of ${all}.\n`)
  return file
}

interface Done {
  readonly generator: { readonly id: string; readonly fingerprint: string | null }
  readonly contactSheet: string | null
  readonly written: WrittenPictures
}

function tell(flags: GenerateFlags, { generator, contactSheet, written }: Done): void {
  const { pictures, rejected, failures, added, plan } = written
  if (flags.json) {
    const refusals = rejected.map(({ prompt, seed, reason }) => ({ prompt, seed, reason }))
    const counts = { pictures: pictures.length, added, rejected: refusals, failures }
    printJson({ generator, plan, out: flags.out, ...counts, contactSheet })
    return
  }
  for (const { id, message } of failures) {
    process.stderr.write(`${printable(id)}: ${printable(message)}\n`)
  }
  const there = pictures.length + rejected.length - added
  const parts = [
    `${pictures.length} pictures in ${flags.out}`,
    ...(there > 0 ? [`${there} of them were there`] : []),
    ...(rejected.length > 0 ? [`${rejected.length} refused`] : []),
    ...(failures.length > 0 ? [`${failures.length} failed`] : []),
  ]
  process.stdout.write(`${parts.join(', ')}\n`)
  if (contactSheet !== null) process.stdout.write(`To look at: ${contactSheet}\n`)
}

import { decodeImage } from '@assay/embed'
import { demo } from '@assay/tiny-world'
import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { contactSheet, type SheetPicture } from './contact-sheet.js'

type Colour = readonly [number, number, number]
const [red, green, blue]: Colour[] = [
  [200, 0, 0],
  [0, 200, 0],
  [0, 0, 200],
]
const white: Colour = [255, 255, 255]

/** A plain picture. */
const plain = (colour: Colour = white, width = 4, height = width) => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height * 3 }, (_, at) => colour[at % 3] ?? 0),
})
const pictures = (...colours: (Colour | undefined)[]): SheetPicture[] =>
  colours.map((colour) => ({ source: plain(colour) }))

/** A sheet as pixels. */
async function shown(...options: Parameters<typeof contactSheet>) {
  const { data, width, height } = await decodeImage(await contactSheet(...options))
  const at = (x: number, y: number) => [...data.slice((y * width + x) * 3, (y * width + x) * 3 + 3)]
  return { width, height, data, at }
}

describe('contactSheet', () => {
  it('lays pictures out row by row, with white between them', async () => {
    const sheet = await shown({ pictures: pictures(red, green, blue), columns: 2, tile: 16 })
    expect([sheet.width, sheet.height]).toEqual([8 + 2 * 24, 8 + 2 * 24])
    expect(sheet.at(8, 8)).toEqual(red)
    expect(sheet.at(23, 23)).toEqual(red)
    expect(sheet.at(32, 8)).toEqual(green)
    expect(sheet.at(8, 32)).toEqual(blue)
    for (const [x, y] of [
      [7, 8],
      [24, 8],
      [8, 24],
      [40, 40],
    ] as const) {
      expect(sheet.at(x, y)).toEqual(white)
    }
  })

  it('is as wide as high where nobody says how many columns', async () => {
    const { width, height } = await shown({ pictures: pictures(red, green, blue, red), tile: 16 })
    expect(width).toBe(height)
  })

  it('enlarges by a whole factor with sharp edges, and centres what does not fill its tile', async () => {
    const source = { width: 2, height: 1, data: Uint8Array.of(...red!, ...blue!) }
    const { at } = await shown({ pictures: [{ source }], tile: 17 })
    expect(at(8, 11)).toEqual(white)
    expect(at(8, 12)).toEqual(red)
    expect(at(15, 19)).toEqual(red)
    expect(at(16, 12)).toEqual(blue)
    expect(at(24, 12)).toEqual(white)
  })

  it('makes large pictures smaller, whole', async () => {
    const { at } = await shown({ pictures: [{ source: plain(green, 100, 50) }], tile: 20 })
    expect(at(8, 12)).toEqual(white)
    expect(at(8, 14)).toEqual(green)
    expect(at(27, 22)).toEqual(green)
    expect(at(27, 23)).toEqual(white)
  })

  it('reads files and bytes', async () => {
    const file = `${demo.outputs}/flat-apple.png`
    const { readdir, readFile } = await import('node:fs/promises')
    const [name = file] = (await readdir(demo.outputs)).filter((name) => name.endsWith('.png'))
    const path = `${demo.outputs}/${name}`
    const one = await contactSheet({ pictures: [{ source: path }] })
    expect(await contactSheet({ pictures: [{ source: await readFile(path) }] })).toEqual(one)
  })

  it('gives the same bytes again', async () => {
    const options = {
      pictures: pictures(red, green).map((one) => ({ ...one, label: 'a plain one' })),
    }
    expect(await contactSheet(options)).toEqual(await contactSheet(options))
  })

  it.each<[string, Parameters<typeof contactSheet>[0]]>([
    ['EMPTY_INPUT', { pictures: [] }],
    ['INVALID_ARGUMENT', { pictures: pictures(red), columns: 0 }],
    ['INVALID_ARGUMENT', { pictures: pictures(red), tile: 3 }],
    ['LIMIT_EXCEEDED', { pictures: pictures(red), tile: 20_000 }],
    ['IMAGE_UNREADABLE', { pictures: [{ source: 'nowhere.png' }] }],
    ['ABORTED', { pictures: pictures(red), signal: AbortSignal.abort() }],
  ])('refuses with %s', async (code, options) => {
    await expect(contactSheet(options)).rejects.toMatchObject({ code })
  })
})

describe('labels of a contact sheet', () => {
  /** Dark pixels below the picture, by row. */
  async function ink(label: string) {
    const options = { pictures: [{ source: plain(), label }], tile: 128 }
    const { data, width, height } = await shown(options)
    const rows: number[] = []
    for (let y = 8 + 128; y < height; y++) {
      let dark = 0
      for (let x = 0; x < width; x++) if ((data[(y * width + x) * 3] ?? 255) < 128) dark++
      rows.push(dark)
    }
    return { rows, sum: rows.reduce((sum, dark) => sum + dark, 0), width, height }
  }

  it('stand under their picture, and make room only where there are some', async () => {
    const { height } = await shown({ pictures: pictures(red), tile: 128 })
    expect(height).toBe(8 + 136)
    const labelled = await ink('red apple')
    expect(labelled.height).toBe(height + 30)
    expect(labelled.sum).toBeGreaterThan(20)
  })

  it('are never taken for markup', async () => {
    const bold = await ink('<b>apple</b>')
    expect(bold.sum).toBeGreaterThan((await ink('apple')).sum * 1.5)
    await ink('a & b < c > "d" \'e\' </span> &lt; <span size="9999999">')
    const huge = await ink('<span size="99999">x</span>')
    expect(huge.rows.at(-1)).toBe(0)
  })

  it('are cut where they would run over', async () => {
    const { rows, width, height } = await ink('W'.repeat(100_000))
    expect([width, height]).toEqual([8 + 136, 8 + 136 + 30])
    expect(rows.slice(-2)).toEqual([0, 0])
  })

  it('may be any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), async (label) => {
        const bytes = await contactSheet({ pictures: [{ source: plain(), label }], tile: 64 })
        expect((await sharp(bytes).metadata()).format).toBe('png')
      }),
      { seed: 1, numRuns: 150, examples: [['\u3164'], ['\u0301'], ['\ud800'], ['\0'], ['\u202e']] },
    )
  })
})

import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { AssayError } from '@assay/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { textured } from '../__fixtures__/picture-files.js'
import { validPictures } from '../__fixtures__/valid-pictures.js'
import { sharp } from './configured-sharp.js'
import { decodeImage } from './decode-image.js'

const outcomeOf = (source: string | Uint8Array): Promise<string> =>
  decodeImage(source).then(
    ({ width, height }) => `${width} x ${height}`,
    (error: unknown) => {
      if (AssayError.isInstance(error)) return error.code
      throw error
    },
  )

const joined = (...parts: readonly (string | Uint8Array)[]) =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
  )

let folder: string
let jpeg: Buffer
let png: Buffer
let webp: Buffer
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'assay-polyglots-'))
  jpeg = await textured(40, 30).jpeg().toBuffer()
  png = await textured(40, 30).png().toBuffer()
  webp = await textured(40, 30).webp().toBuffer()
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('a file that is two things', () => {
  it('is the picture that it begins as, whatever follows', async () => {
    const tails = ['PK\x03\x04 an archive', '%PDF-1.4', '<script>alert(1)</script>', gzipSync('x')]
    for (const picture of [jpeg, png, webp]) {
      for (const tail of tails) expect(await outcomeOf(joined(picture, tail))).toBe('40 x 30')
    }
    const page = '<html><script>alert(1)</script></html>'
    const comment = joined('\xff\xfe', Uint8Array.of(0, 2 + page.length), page)
    const picture = joined(jpeg.subarray(0, 2), comment, jpeg.subarray(2))
    expect(await outcomeOf(picture)).toBe('40 x 30')
  })

  it('is no picture where one begins later', async () => {
    const heads = ['%PDF-1.4\n', 'GIF89a', '#!/bin/sh\n', '<!--', '\0', ' ', '\xef\xbb\xbf', 'MZ']
    for (const head of heads) {
      for (const picture of [jpeg, png, webp]) {
        expect(await outcomeOf(joined(head, picture))).toBe('IMAGE_UNSUPPORTED_FORMAT')
      }
    }
  })

  it('is not decoded as what it only begins as', async () => {
    const avif = await textured(40, 30).avif().toBuffer()
    const files = [
      joined(png.subarray(0, 8), jpeg),
      joined(jpeg.subarray(0, 3), png),
      joined('RIFF\xff\0\0\0WEBP', png, Buffer.alloc(255)),
      joined(avif.subarray(0, avif.readUInt32BE(0)), png),
      joined(avif.subarray(0, avif.readUInt32BE(0)), '\0\0\0\x08free'),
    ]
    for (const file of files) {
      expect(await outcomeOf(file)).toMatch(/^IMAGE_(CORRUPT|TRUNCATED|UNSUPPORTED_FORMAT)$/)
    }
  })
})

describe('a name', () => {
  it('decides nothing: every format is what it holds', async () => {
    for (const { format, name, isDecoded, make } of validPictures) {
      const bytes = await make()
      for (const extension of ['.png', '.jpg', '.svg', '']) {
        const path = join(folder, `file${extension}`)
        writeFileSync(path, bytes)
        const outcome = await outcomeOf(path)
        if (isDecoded) expect(outcome, `${format} ${name}`).toMatch(/^\d+ x \d+$/)
        else expect(outcome, `${format} ${name}`).toBe('IMAGE_UNSUPPORTED_FORMAT')
      }
    }
  })
})

describe('a drawing', () => {
  it('that names a file or an address reads and asks nothing', async () => {
    let connections = 0
    const canary = createServer((socket) => {
      connections++
      socket.destroy()
    }).listen(0, '127.0.0.1')
    await once(canary, 'listening')
    const { port } = canary.address() as AddressInfo
    const file = join(folder, 'secret.png')
    writeFileSync(file, png)
    const links = [`http://127.0.0.1:${port}/x.png`, `file://${file}`, file]
    for (const link of links) {
      const head = `<!DOCTYPE svg [<!ENTITY x SYSTEM "${link}">]>`
      const body = `<svg xmlns="http://www.w3.org/2000/svg"><image href="${link}"/>&x;</svg>`
      for (const svg of [body, `${head}${body}`, `<?xml version="1.0"?>${head}${body}`]) {
        expect(await outcomeOf(Buffer.from(svg))).toBe('IMAGE_UNSUPPORTED_FORMAT')
        expect(await outcomeOf(gzipSync(svg))).toBe('IMAGE_UNSUPPORTED_FORMAT')
        // Nor does the library, should one ever reach it.
        await expect(sharp(Buffer.from(svg)).png().toBuffer()).rejects.toThrow(/unsupported/)
      }
    }
    canary.close()
    expect(connections).toBe(0)
  })
})

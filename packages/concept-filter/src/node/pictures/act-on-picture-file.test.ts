import { createRandom } from '@assay/core'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, it } from 'vitest'
import type { PictureAction } from '../../actions/picture-action.js'
import type { ConceptDecision } from '../../filter/concept-decision.js'
import { actOnPictureFile } from './act-on-picture-file.js'

const decision = (flagged: boolean): ConceptDecision => ({
  id: 'a',
  flagged,
  strongest: 'violence',
  pairs: [],
  norm: 1,
  drift: 0,
})

const { uniform } = createRandom('pictures')
const [width, height] = [40, 24]
const pixels = Uint8Array.from({ length: 3 * width * height }, () => uniform() * 256)
const noise = () => sharp(pixels, { raw: { width, height, channels: 3 } })

/** Half transparent in the middle. */
const withAlpha = (picture: Sharp) => picture.ensureAlpha(0.5)

const files: Readonly<Record<string, () => Sharp>> = {
  'RGB PNG': () => noise().png(),
  'RGBA PNG': () => withAlpha(noise()).png(),
  'grey PNG': () => noise().toColourspace('b-w').png(),
  'grey PNG with alpha': () => withAlpha(noise().toColourspace('b-w')).png(),
  'PNG with a palette': () => noise().png({ palette: true }),
  'RGB JPEG': () => noise().jpeg(),
  'grey JPEG': () => noise().toColourspace('b-w').jpeg(),
  'CMYK JPEG': () => noise().toColourspace('cmyk').jpeg(),
  WebP: () => noise().webp(),
}

const actions: readonly PictureAction[] = [
  { kind: 'replace', by: [200, 200, 200] },
  { kind: 'replace', by: { width: 1, height: 1, data: Uint8Array.of(1, 2, 3) } },
  { kind: 'blur' },
  { kind: 'callback', callback: ({ data, ...size }) => ({ ...size, data: data.fill(7) }) },
]

const bytesOf = async (picture: Sharp) => new Uint8Array(await picture.toBuffer())

const act = (bytes: Uint8Array, action: PictureAction, flagged = true) =>
  actOnPictureFile({ bytes, decision: decision(flagged), action })

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: { readonly code?: string }) => error.code,
  )

describe('actOnPictureFile', () => {
  it.each(Object.keys(files))('keeps format, size and channels of a %s', async (name) => {
    const bytes = await bytesOf(files[name]!())
    const before = bytes.slice()
    const { format, width, height, channels, space, hasAlpha } = await sharp(bytes).metadata()
    for (const action of actions) {
      const acted = await act(bytes, action)
      expect(bytes).toEqual(before)
      expect(await sharp(acted.bytes).metadata()).toMatchObject({
        ...{ format, width, height, channels, space, hasAlpha },
      })
    }
  })

  it('replaces every pixel, and leaves no outline in alpha', async () => {
    const { bytes } = await act(await bytesOf(files['RGBA PNG']!()), actions[0]!)
    const { data } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
    expect([...new Set(data.filter((_, at) => at % 4 < 3))]).toEqual([200])
    expect([...new Set(data.filter((_, at) => at % 4 === 3))]).toEqual([255])
  })

  it('takes the place of a WebP with alpha by one without', async () => {
    const { bytes } = await act(await bytesOf(withAlpha(noise()).webp()), actions[0]!)
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width, height })
  })

  it('leaves nothing of the metadata, and turns the picture as it is shown', async () => {
    const exif = { IFD0: { Copyright: 'a prompt' }, IFD3: {} }
    const file = noise().withExif(exif).withMetadata({ orientation: 6 }).jpeg()
    const { bytes } = await act(await bytesOf(file), actions[0]!)
    const { exif: left, orientation, ...size } = await sharp(bytes).metadata()
    expect([left, orientation]).toEqual([undefined, undefined])
    expect([size.width, size.height]).toEqual([height, width])
  })

  it('gives the very bytes of what is not flagged, or only reported, whatever they are', async () => {
    const bytes = Uint8Array.of(1, 2, 3)
    const passed = await act(bytes, { kind: 'blur' }, false)
    const reported = await act(bytes, { kind: 'report' })
    expect([passed.outcome, reported.outcome]).toEqual(['passed', 'reported'])
    expect(passed.bytes).toBe(bytes)
    expect(reported.bytes).toBe(bytes)
  })

  it('throws for a flagged picture without reading it', async () => {
    expect(await codeOf(act(Uint8Array.of(1), { kind: 'throw' }))).toBe('IMAGE_FLAGGED')
  })

  it('never gives back a flagged picture that it cannot change', async () => {
    const png = await bytesOf(files['RGB PNG']!())
    const gif = await bytesOf(noise().gif())
    const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>')
    const blur = { kind: 'blur' } as const
    expect(await codeOf(act(gif, blur))).toBe('IMAGE_UNSUPPORTED_FORMAT')
    expect(await codeOf(act(svg, blur))).toBe('IMAGE_UNSUPPORTED_FORMAT')
    expect(await codeOf(act(new Uint8Array(), blur))).toBe('IMAGE_UNSUPPORTED_FORMAT')
    for (let length = 8; length < png.length - 20; length += 97) {
      expect(await codeOf(act(png.slice(0, length), blur))).toBe('IMAGE_CORRUPT')
    }
  })

  it('refuses a picture that would fill the memory, by its header', async () => {
    const jpeg = Buffer.from(await bytesOf(files['RGB JPEG']!()))
    const frame = jpeg.indexOf(Uint8Array.of(0xff, 0xc0))
    jpeg.writeUInt16BE(60_000, frame + 5)
    jpeg.writeUInt16BE(60_000, frame + 7)
    expect(await codeOf(act(jpeg, { kind: 'blur' }))).toBe('IMAGE_TOO_LARGE')
  })
})

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { assayData } from '../__fixtures__/assay-data.js'
import { decodeImage } from '../decode/decode-image.js'
import { type Preprocessing, preprocessingSchema } from './preprocessing.js'
import { resizeImage } from './resize-image.js'

type Filter = Preprocessing['interpolation']

/** SHA-256 of pixels. */
const { photographs } = JSON.parse(
  readFileSync(new URL('photographs.oracle.json', import.meta.url), 'utf8'),
) as {
  readonly photographs: Readonly<
    Record<
      string,
      {
        readonly decoded: string
        /** By size, then by filter. */
        readonly resized: Readonly<Record<string, Readonly<Record<Filter, string>>>>
      }
    >
  >
}

const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex')

describe.skipIf(!assayData('photos'))('photographs', () => {
  it.each(Object.entries(photographs))(
    '%s: decoded and resampled as by Pillow, to the bit',
    async (name, expected) => {
      const image = await decodeImage(assayData(`photos/${name}`) ?? '')
      expect(sha256(image.data)).toBe(expected.decoded)
      for (const [size, digests] of Object.entries(expected.resized)) {
        const [width = 0, height = 0] = size.split('x').map(Number)
        for (const [interpolation, digest] of Object.entries(digests)) {
          const rule = preprocessingSchema.parse({
            width,
            height,
            resize: 'stretch',
            interpolation,
            background: [255, 255, 255],
            scale: 1 / 255,
            mean: [0, 0, 0],
            std: [1, 1, 1],
          })
          const { data } = await resizeImage(image, rule)
          expect(sha256(data), `${size} ${interpolation}`).toBe(digest)
        }
      }
    },
  )

  it('rocket.jpg, which is in Adobe RGB, looks otherwise once its profile is applied', async () => {
    const path = assayData('photos/rocket.jpg') ?? ''
    const ignored = await decodeImage(path)
    const converted = await decodeImage(path, { colourProfile: 'convert' })
    const differences = ignored.data.map((value, at) => Math.abs(value - (converted.data[at] ?? 0)))
    expect(Math.max(...new Set(differences))).toBeGreaterThan(20)
  })
})

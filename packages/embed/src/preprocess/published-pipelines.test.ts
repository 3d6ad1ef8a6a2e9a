import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { RgbImage } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { preprocessImage } from './preprocess-image.js'
import { type Preprocessing, preprocessingSchema } from './preprocessing.js'
import { resizeGeometry } from './resize-geometry.js'
import { resizeImage } from './resize-image.js'

/** What the libraries made of pictures, as SHA-256 of their 8-bit pixels, by pipeline and size. */
const { pipelines } = JSON.parse(
  readFileSync(new URL('published-pipelines.oracle.json', import.meta.url), 'utf8'),
) as { readonly pipelines: Readonly<Record<string, Readonly<Record<string, string>>>> }

const clip = {
  width: 224,
  height: 224,
  resize: 'shortest-side-centre-crop',
  interpolation: 'bicubic',
  background: [255, 255, 255],
  scale: 1 / 255,
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
} as const

/** Each pipeline as a card describes it. */
const rules: Record<string, Preprocessing> = {
  'CLIP, transformers': preprocessingSchema.parse(clip),
  'CLIP, torchvision': preprocessingSchema.parse({ ...clip, cropOffset: 'round' }),
  'CLIP, open_clip': preprocessingSchema.parse({ ...clip, cropOffset: 'round' }),
  'DINO, torchvision': preprocessingSchema.parse({
    ...clip,
    shortestSide: 256,
    cropOffset: 'round',
  }),
  'DINOv2, transformers': preprocessingSchema.parse({ ...clip, shortestSide: 256 }),
  'SigLIP, transformers': preprocessingSchema.parse({ ...clip, resize: 'stretch' }),
  'SSCD, 320 x 320': preprocessingSchema.parse({
    ...clip,
    resize: 'stretch',
    width: 320,
    height: 320,
    interpolation: 'bilinear',
  }),
  'SSCD, 288': preprocessingSchema.parse({
    ...clip,
    width: 288,
    height: 288,
    interpolation: 'bilinear',
    cropOffset: 'round',
  }),
  HPSv2: preprocessingSchema.parse({ ...clip, resize: 'pad', background: [0, 0, 0] }),
}

/** The same picture that the oracle makes. */
function picture(width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) data.set([x * 7, y * 5, x * 3 + y * 11], at)
  }
  return { width, height, data }
}

describe('the preprocessing of published models', () => {
  const cases = Object.entries(pipelines).flatMap(([name, sizes]) =>
    Object.entries(sizes).map(([size, sha256]) => ({ name, size, sha256 })),
  )

  it.each(cases)('$name, of $size, to the bit', async ({ name, size, sha256 }) => {
    const [width = 0, height = 0] = size.split('x').map(Number)
    const rule = rules[name] as Preprocessing
    const { data } = await resizeImage(picture(width, height), rule)
    expect(createHash('sha256').update(data).digest('hex')).toBe(sha256)
  })

  it('HPSv2 scales 640 x 360 to 224 x 126, between 49 rows of black that is then normalised', async () => {
    const rule = rules['HPSv2'] as Preprocessing
    const geometry = resizeGeometry({ width: 640, height: 360 }, rule)
    expect(geometry).toEqual({ width: 224, height: 126, left: 0, top: -49 })
    const planes = await preprocessImage(picture(640, 360), rule)
    const plane = 224 * 224
    for (const pixel of [0, 48 * 224 + 223, 175 * 224, plane - 1]) {
      const values = [0, 1, 2].map((channel) => planes[channel * plane + pixel]?.toFixed(4))
      expect(values).toEqual(['-1.7923', '-1.7521', '-1.4802'])
    }
  })
})

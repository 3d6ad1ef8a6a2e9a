import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { RgbImage } from '@assay/core'
import { describe, expect, it } from 'vitest'
import type { Preprocessing } from './preprocessing.js'
import { resampleImage } from './resample-image.js'

interface Case {
  readonly width: number
  readonly height: number
  readonly seed: number
  readonly cell: number
  readonly toWidth: number
  readonly toHeight: number
  readonly sha256: Readonly<Record<Preprocessing['interpolation'], string>>
}
const oracle = JSON.parse(
  readFileSync(new URL('resample-image.oracle.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] }

/** The same picture that the oracle makes. */
function noise({ width, height, seed, cell }: Case): RgbImage {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const index = (Math.floor(y / cell) * width + Math.floor(x / cell)) * 3
      for (let channel = 0; channel < 3; channel++) {
        let hash = Math.imul(index + channel + seed, 2_654_435_761)
        hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_519)
        hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_917)
        data[at++] = hash >>> 24
      }
    }
  }
  return { width, height, data }
}

function finish<Result>(steps: Generator<void, Result>): Result {
  let step = steps.next()
  while (!step.done) step = steps.next()
  return step.value
}

const filters = ['box', 'bilinear', 'bicubic', 'lanczos'] as const

const whole = (width: number, height: number) => ({
  scaledWidth: width,
  scaledHeight: height,
  left: 0,
  top: 0,
  width,
  height,
})

describe('resampleImage', () => {
  it.each(oracle.cases)(
    'gives the pixels of Pillow to the bit: $width x $height to $toWidth x $toHeight',
    (size) => {
      const image = noise(size)
      for (const filter of filters) {
        const { data } = finish(resampleImage(image, whole(size.toWidth, size.toHeight), filter))
        expect(createHash('sha256').update(data).digest('hex'), filter).toBe(size.sha256[filter])
      }
    },
  )
})

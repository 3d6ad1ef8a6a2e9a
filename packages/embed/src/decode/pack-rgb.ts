import { setImmediate } from 'node:timers/promises'
import type { RgbColour } from './decode-image.js'

/** Turns the pixels `from` up to `to` of four channels into RGB, in place: three bytes each, from the front. */
export type PixelRule = (pixels: Uint8Array, from: number, to: number) => void

/** (a x b + c x (255 - b)) / 255 for bytes, rounded; for such sums the shifts divide by 255 exactly. */
function blend(a: number, b: number, c: number): number {
  const sum = a * b + c * (255 - b) + 128
  return (sum + (sum >> 8)) >> 8
}

/** Composites pixels on a colour, each rounded once, as `paste` of Pillow does. */
export const overBackground =
  ([red, green, blue]: RgbColour): PixelRule =>
  (pixels, from, to) => {
    for (let pixel = from, at = from * 3; pixel < to; pixel++, at += 3) {
      const source = pixel * 4
      const alpha = pixels[source + 3]!
      const r = blend(pixels[source]!, alpha, red)
      const g = blend(pixels[source + 1]!, alpha, green)
      const b = blend(pixels[source + 2]!, alpha, blue)
      pixels[at] = r
      pixels[at + 1] = g
      pixels[at + 2] = b
    }
  }

/** Cyan, magenta, yellow and black ink, 255 meaning all of it: (255 - ink) x (255 - black) / 255, rounded. */
export const fromInks: PixelRule = (pixels, from, to) => {
  for (let pixel = from, at = from * 3; pixel < to; pixel++, at += 3) {
    const source = pixel * 4
    const paper = 255 - pixels[source + 3]!
    const r = blend(paper, 255 - pixels[source]!, 0)
    const g = blend(paper, 255 - pixels[source + 1]!, 0)
    const b = blend(paper, 255 - pixels[source + 2]!, 0)
    pixels[at] = r
    pixels[at + 1] = g
    pixels[at + 2] = b
  }
}

/** Pixels in one step: a few milliseconds. */
const stepPixels = 2 ** 19

/** RGB of pixels of four channels, which are overwritten. Others may run every few milliseconds. */
export async function packRgb(pixels: Uint8Array, rule: PixelRule): Promise<Uint8Array> {
  const count = pixels.length / 4
  for (let from = 0; from < count; from += stepPixels) {
    if (from > 0) await setImmediate()
    rule(pixels, from, Math.min(count, from + stepPixels))
  }
  return pixels.subarray(0, count * 3)
}

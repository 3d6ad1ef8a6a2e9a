// Draws the pictures of one job, for `drawJobs`.
import { toText } from '../drawing/picture-bytes.mjs'
import { openGenerators } from './generators.mjs'

/** Smaller shares are left out. */
const SMALLEST_SHARE = 0.001

/** Resolves to pixels in base64 and, of the composer, what each picture was made of, by picture of the bank. */
export async function openDrawer() {
  const generatorOf = openGenerators()
  return async ({ generator, pictures }) => {
    const drawn = []
    for (const { prompt, seed } of pictures) {
      for await (const { image, metadata } of (await generatorOf(generator)).generate({
        ...{ prompt, seed, count: 1 },
      })) {
        drawn.push({ pixels: toText(image), shares: toldShares(metadata?.attribution) })
      }
    }
    return drawn
  }
}

export const toldShares = (attribution) =>
  attribution === undefined
    ? null
    : attribution.shares
        .filter(({ share }) => share >= SMALLEST_SHARE)
        .map(({ id, share }) => [id, Number(share.toPrecision(4))])

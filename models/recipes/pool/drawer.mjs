// Draws all pictures of one prompt, for `drawJobs`.
import { openPoolComposer } from './open-pool-composer.mjs'

/** Resolves to rows of pixels in base64 with what each was made of: shares by picture of the bank. */
export async function openDrawer() {
  const composer = await openPoolComposer()
  return async ({ prompt, seed, count }) => {
    const rows = []
    for await (const { image, metadata } of composer.generate({ prompt, seed, count })) {
      const { shares, effectivePictures } = metadata.attribution
      const told = shares.map(({ id, share }) => [id, Number(share.toPrecision(6))])
      rows.push({
        pixels: Buffer.from(image.data).toString('base64'),
        effectivePictures,
        shares: told.filter(([, share]) => share >= 0.001),
      })
    }
    return rows
  }
}

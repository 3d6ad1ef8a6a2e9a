import type { RgbImage } from '@assay/core'
import { readPictureBank } from '@assay/diffusion/analytic'
import { bank } from '@assay/tiny-world'
import { describe, expect, it } from 'vitest'
import { trainingPictures } from './training-pictures.js'

const { signal } = new AbortController()
const { captions } = await readPictureBank(bank)
const views = await trainingPictures('assay/tiny-diffusion', signal)
const viewOf = (id: string): Promise<RgbImage> => {
  const found = views.find((view) => view.id === id)
  if (found === undefined) throw new RangeError(id)
  return found.decode()
}
const pixel = ({ data, width }: RgbImage, x: number, y: number) => [
  ...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3),
]

describe('trainingPictures', () => {
  it('are the bank for the generators that draw from it', async () => {
    const pictures = await trainingPictures('assay/memoriser', signal)
    expect(pictures.map(({ id }) => id)).toEqual(captions.map(({ id }) => id))
  })

  it('are the 240 of the tiny diffusion in the 18 ways in which it saw them', async () => {
    expect(views).toHaveLength(240 * 18)
    expect(new Set(views.map(({ id }) => id)).size).toBe(views.length)
    const known = new Set(captions.map(({ id }) => id))
    const plain = views.filter(({ id }) => known.has(id))
    expect(plain).toHaveLength(240)
  })

  it('move pictures onto white, and mirror them', async () => {
    const fox = await viewOf('noto/fox')
    const moved = await viewOf('noto/fox (moved 1 -1)')
    const mirrored = await viewOf('noto/fox (mirrored)')
    const both = await viewOf('noto/fox (mirrored, moved 1 -1)')
    for (const [x, y] of [
      [10, 20],
      [16, 5],
      [3, 30],
    ] as const) {
      expect(pixel(moved, x + 1, y - 1)).toEqual(pixel(fox, x, y))
      expect(pixel(mirrored, 31 - x, y)).toEqual(pixel(fox, x, y))
      expect(pixel(both, 31 - x + 1, y - 1)).toEqual(pixel(fox, x, y))
    }
    expect(pixel(moved, 0, 8)).toEqual([255, 255, 255])
    expect(pixel(moved, 8, 31)).toEqual([255, 255, 255])
  })

  it('are not known of others', async () => {
    await expect(trainingPictures('openai:x', signal)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    })
  })
})

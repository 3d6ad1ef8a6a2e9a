import { createRandom } from '@assay/core'
import { afterEach, describe, expect, it } from 'vitest'
import { type Preprocessing, preprocessingSchema } from './preprocessing.js'
import { resizeImage } from './resize-image.js'
import { ResizePool } from './resize-pool.js'

const rule = (changes: Partial<Preprocessing> = {}): Preprocessing =>
  preprocessingSchema.parse({
    width: 32,
    height: 24,
    resize: 'pad',
    interpolation: 'bicubic',
    background: [1, 2, 3],
    scale: 1 / 255,
    mean: [0.5, 0.5, 0.5],
    std: [0.5, 0.5, 0.5],
    ...changes,
  })

function noise(width: number, height: number, seed: number) {
  const random = createRandom(seed)
  const data = Uint8Array.from({ length: width * height * 3 }, () => random.integer(256))
  return { width, height, data }
}

let pool: ResizePool
afterEach(() => pool.close())

describe('ResizePool', () => {
  it('gives what the main thread gives, many pictures at once', async () => {
    pool = new ResizePool(rule(), 2)
    const pictures = Array.from({ length: 12 }, (_, index) =>
      noise(10 + 9 * index, 200 - 13 * index, index),
    )
    const resized = await Promise.all(pictures.map((picture) => pool.resize(picture)))
    for (const [index, picture] of pictures.entries()) {
      expect(resized[index]).toEqual(await resizeImage(picture, rule()))
    }
  })

  it('leaves the pixels that it was given where they are', async () => {
    pool = new ResizePool(rule(), 1)
    const picture = noise(50, 40, 1)
    const before = picture.data.slice()
    const [first, second] = await Promise.all([pool.resize(picture), pool.resize(picture)])
    expect(picture.data).toEqual(before)
    expect(first).toEqual(second)
  })

  it('hands back a picture that fits', async () => {
    pool = new ResizePool(rule())
    const picture = noise(32, 24, 1)
    expect(await pool.resize(picture)).toBe(picture)
  })

  it('refuses pixels that do not fill the picture', async () => {
    pool = new ResizePool(rule())
    const picture = { width: 9, height: 9, data: new Uint8Array(9) }
    await expect(pool.resize(picture, 'a.png')).rejects.toMatchObject({
      code: 'IMAGE_CORRUPT',
      message: 'a.png has 9 values for 9 x 9 pixels of three.',
    })
  })

  it('does not hold up the main thread for a large picture', async () => {
    pool = new ResizePool(rule({ interpolation: 'lanczos', resize: 'stretch' }), 1)
    const picture = { width: 4096, height: 4096, data: new Uint8Array(4096 * 4096 * 3).fill(9) }
    let turns = 0
    const counting = setInterval(() => turns++, 1)
    const { data } = await pool.resize(picture)
    clearInterval(counting)
    expect([...data.subarray(0, 3)]).toEqual([9, 9, 9])
    expect(turns).toBeGreaterThan(20)
  })

  it('ends what is under way when it is closed', async () => {
    pool = new ResizePool(rule({ interpolation: 'lanczos' }), 1)
    const picture = { width: 2048, height: 2048, data: new Uint8Array(2048 * 2048 * 3) }
    const resizing = Promise.allSettled([pool.resize(picture), pool.resize(picture)])
    await pool.close()
    const closed = { status: 'rejected', reason: { code: 'ENGINE_CLOSED' } }
    expect(await resizing).toMatchObject([closed, closed])
    await expect(pool.resize(picture)).rejects.toMatchObject({ code: 'ENGINE_CLOSED' })
  })

  it('says so where a thread cannot do its work, and starts another', async () => {
    // No card holds such a rule.
    pool = new ResizePool({ ...rule(), interpolation: 'magic' as 'box' }, 1)
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(pool.resize(noise(5, 5, 1))).rejects.toMatchObject({
        code: 'INTERNAL',
        message: 'A thread that resizes pictures ended before it answered.',
      })
    }
  })
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMatrix, type ImageGenerator, type RgbImage } from '@assay/core'
import { writePictures } from '@assay/diffusion'
import { createComposer, createMemoriser, readPictureBank } from '@assay/diffusion/analytic'
import { decodeImage, readPictureSet } from '@assay/embed'
import { pixelSpace, protect, referencesInMemory, shieldGenerator } from '@assay/repellency'
import { bank as bankFolder } from '@assay/tiny-world'
import { beforeAll, describe, expect, it } from 'vitest'
import type { EarlierPictures } from './earlier-pictures.js'
import { shieldGenerators } from './shield-generators.js'

const bank = await readPictureBank(bankFolder)
const space = pixelSpace(bank)
const columns = space.dimensions
const names = bank.captions.map(({ id, caption }, row) => ({ id, caption, row }))
const apples = names.filter(({ caption }) => /\bapple\b/.test(caption))
const others = names.filter(({ caption }) => !/\bapple\b/.test(caption)).slice(0, 60)
const include = [...apples, ...others].map(({ id }) => id)

/** Protected pictures of the bank, as its denoisers see them. */
const shieldsOf = (rows: readonly { readonly row: number }[]) => {
  const data = new Float32Array(rows.length * columns)
  rows.forEach(({ row }, at) => {
    const levels = bank.pixels.subarray(row * columns, (row + 1) * columns)
    data.set(
      Float32Array.from(levels, (level) => level / 127.5 - 1),
      at * columns,
    )
  })
  return referencesInMemory(createMatrix({ data, columns, fingerprint: space.name }))
}

const radius = 4
const everything = shieldsOf([...apples, ...others])
const request = { prompt: 'a red apple', count: 8, seed: 1, steps: 12 }

let home = ''
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'assay-shield-'))
  return () => rm(home, { recursive: true })
})

/** Draws into a folder and reads the files again. */
async function savedPictures(
  generator: ImageGenerator,
  name: string,
): Promise<readonly RgbImage[]> {
  const folder = join(home, name)
  const { rejected, failures } = await writePictures({ generator, requests: [request], folder })
  expect([rejected, failures]).toEqual([[], []])
  const { pictures } = await readPictureSet(folder)
  return Promise.all(
    pictures.map(async ({ source }) => {
      const { width, height, data } = await decodeImage(source as string)
      return { width, height, data: Uint8Array.from(data) }
    }),
  )
}

/** Of saved pictures, how many lie nearer to a protected one than a distance. */
async function insideAmong(pictures: readonly RgbImage[], distance: number): Promise<number> {
  const points = await Promise.all(
    pictures.map(async (picture) => Float64Array.from(await space.toVector(picture))),
  )
  const found = await everything.within(points, { radius: distance })
  return found.filter((near) => near.length > 0).length
}

describe('the memoriser with all that it knows protected', () => {
  const memoriser = createMemoriser({ bank, include })

  it('saves copies only without a shield, and no picture inside with one', async () => {
    expect(apples.length).toBeGreaterThan(3)
    const copies = await savedPictures(memoriser, 'copies')
    expect(await insideAmong(copies, 1e-3)).toBe(8)
    const shielded = shieldGenerator({
      ...{ generator: memoriser, space },
      ...protect({ radius, references: everything }),
    })
    const saved = await savedPictures(shielded, 'shielded')
    expect(saved).toHaveLength(8)
    expect(await insideAmong(saved, radius)).toBe(0)
    const pictures = shielded.evidence.flatMap((evidence) => evidence.pictures)
    expect(pictures.every(({ activeCalls }) => activeCalls > 0)).toBe(true)
  })
})

describe('the composer', () => {
  const composer = createComposer({ bank, include })
  let free: readonly RgbImage[] = []
  beforeAll(async () => {
    free = await savedPictures(composer, 'composed')
  })

  it('keeps out of the shields around every picture that it composes from', async () => {
    // A radius within which a part of what it draws lies.
    const points = await Promise.all(
      free.map(async (picture) => Float64Array.from(await space.toVector(picture))),
    )
    const near = await everything.within(points, { radius: 1000 })
    const nearest = near.map((found) => Math.min(...found.map(({ distance }) => distance)))
    const middle = nearest.toSorted((one, other) => one - other)[4] ?? 0
    const shielded = shieldGenerator({
      ...{ generator: composer, space },
      ...protect({ radius: middle, references: everything }),
    })
    expect(await insideAmong(free, middle)).toBe(4)
    expect(await insideAmong(await savedPictures(shielded, 'kept out'), middle)).toBe(0)
  })

  it('draws the same, bit for bit, where nothing comes near a shield', async () => {
    const far = protect({ radius: 0.5, references: shieldsOf(others.slice(0, 20)) })
    const shielded = shieldGenerator({ generator: composer, space, ...far })
    expect(await savedPictures(shielded, 'far')).toEqual(free)
    const calls = shielded.evidence.flatMap((evidence) => evidence.calls)
    expect(calls.length).toBeGreaterThan(0)
    expect(calls.every(({ active }) => active === 0)).toBe(true)
  })
})

it('keeps later pictures away from earlier ones as they were finished, behind both shields', async () => {
  const memoriser = createMemoriser({ bank, include })
  const protectedPictures = { references: everything, displacement: 0, hash: 'all' }
  const drawerAfter = (earlier: EarlierPictures) =>
    shieldGenerators(memoriser, {
      space: { dimensions: columns, vectors: null, shield: space },
      protection: {
        radius,
        protectedPictures: { ...protectedPictures, pictures: [], failures: [] },
      },
      diversity: { radius: 40, earlier },
    }).generator
  const draw = async (drawer: ImageGenerator, seed: number) => {
    for await (const drawn of drawer.generate({ ...request, count: 1, seed })) {
      if (drawn.outcome === 'image') return drawn.image
    }
    return null
  }
  const drawer = drawerAfter(new Map())
  const [first, second] = [await draw(drawer, 1), await draw(drawer, 2)]
  const finished = first && (await space.toVector(first))
  // As a later run of the same command would draw it, which knows the finished file.
  const resumed = drawerAfter(new Map([[request.prompt, finished ? [finished] : []]]))
  expect(second).not.toBeNull()
  expect(await draw(resumed, 2)).toEqual(second)
  expect(await draw(drawerAfter(new Map()), 2)).not.toEqual(second)
})

import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sha256 } from '@assay/store'
import { bank as builtIn } from '@assay/tiny-world'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededPictures } from './__fixtures__/seeded-pictures.js'
import { wordEncoder } from './__fixtures__/word-encoder.js'
import { createPictureBank } from './create-picture-bank.js'
import { extendPictureBank } from './extend-picture-bank.js'
import { nearestBankPicture } from './nearest-bank-picture.js'
import { readPictureBank } from './read-picture-bank.js'

const textEncoder = wordEncoder('words')
const pictures = seededPictures(6)
const [first, second] = pictures
if (!first || !second) throw new TypeError('no pictures')
const small = { ...first.image, width: 3, height: 12 }

describe('createPictureBank', () => {
  it('keeps pictures as planes, with captions and their embeddings', async () => {
    const bank = await createPictureBank({ pictures, textEncoder })
    expect(bank).toMatchObject({ width: 6, height: 6 })
    expect(bank.captions[1]).toEqual({
      id: 'picture-1',
      caption: 'green apple',
      style: 'flat',
      tags: ['thing'],
    })
    // The green of the second pixel of the second picture.
    expect(bank.pixels[108 + 36 + 1]).toBe(second.image.data[3 + 1])
    const { embeddings } = await textEncoder.embedTexts([{ id: '', text: 'green apple, flat' }])
    const { space, vectors } = bank.captionEmbeddings ?? {}
    expect(space).toBe('words')
    expect(vectors?.data.subarray(16, 32)).toEqual(embeddings.data)
  })

  it('has a fingerprint of all that is in it', async () => {
    const fingerprints = await Promise.all(
      [
        { pictures },
        { pictures, textEncoder },
        { pictures, textEncoder: wordEncoder('words', 'other') },
        { pictures: pictures.slice(1) },
        { pictures: [second, first, ...pictures.slice(2)] },
        { pictures: [{ ...first, tags: [] }, ...pictures.slice(1)] },
        { pictures: [{ ...first, image: second.image }, ...pictures.slice(1)] },
      ].map(async (options) => (await createPictureBank(options)).fingerprint),
    )
    expect(new Set(fingerprints).size).toBe(fingerprints.length)
    expect((await createPictureBank({ pictures: seededPictures(6) })).fingerprint).toBe(
      fingerprints[0],
    )
  })

  it.each([
    ['no picture', [], 'EMPTY_INPUT'],
    ['one id twice', [first, { ...second, id: first.id }], 'DUPLICATE_ID'],
    ['an empty id', [{ ...first, id: '' }], 'INVALID_ARGUMENT'],
    ['an empty caption', [{ ...first, caption: '' }], 'INVALID_ARGUMENT'],
    ['two sizes', [first, { ...second, image: small }], 'SHAPE_MISMATCH'],
    [
      'missing pixels',
      [{ ...first, image: { ...first.image, data: first.image.data.subarray(1) } }],
      'SHAPE_MISMATCH',
    ],
    [
      'no pixels at all',
      [{ ...first, image: { width: 0, height: 0, data: new Uint8Array() } }],
      'SHAPE_MISMATCH',
    ],
  ])('refuses %s', async (_, given, code) => {
    await expect(createPictureBank({ pictures: given })).rejects.toMatchObject({ code })
  })

  it('names the caption that cannot be embedded', async () => {
    const unreadable = [first, { id: 'long', caption: 'unreadable', image: second.image }]
    await expect(createPictureBank({ pictures: unreadable, textEncoder })).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      location: { id: 'long' },
    })
  })
})

describe('extendPictureBank', () => {
  it('gives the bank that would have been made at once', async () => {
    for (const encoder of [{}, { textEncoder }]) {
      const half = await createPictureBank({ pictures: pictures.slice(0, 4), ...encoder })
      const whole = await extendPictureBank(half, { pictures: pictures.slice(4), ...encoder })
      expect(whole).toEqual(await createPictureBank({ pictures, ...encoder }))
      expect(half.captions.length).toBe(4)
    }
  })

  it('refuses what does not fit', async () => {
    const bank = await createPictureBank({ pictures: [first], textEncoder })
    const refused = (options: Parameters<typeof extendPictureBank>[1]) =>
      extendPictureBank(bank, options).catch(({ code }: { code: string }) => code)
    expect(await refused({ pictures: [second] })).toBe('MISSING_INPUT')
    const other = wordEncoder('elsewhere')
    expect(await refused({ pictures: [second], textEncoder: other })).toBe('FINGERPRINT_MISMATCH')
    expect(await refused({ pictures: [first], textEncoder })).toBe('DUPLICATE_ID')
    const resized = [{ ...second, image: small }]
    expect(await refused({ pictures: resized, textEncoder })).toBe('SHAPE_MISMATCH')
    expect(await refused({ pictures: [], textEncoder })).toBe('EMPTY_INPUT')
  })
})

describe('nearestBankPicture', () => {
  it('finds a copy at 0, and others at their mean square on the scale of [-1, 1]', async () => {
    const bank = await createPictureBank({ pictures })
    expect(nearestBankPicture(bank, second.image)).toEqual({ id: 'picture-1', meanSquare: 0 })
    const [level = 0] = second.image.data
    const moved = second.image.data.with(0, level < 128 ? level + 51 : level - 51)
    const { id, meanSquare } = nearestBankPicture(bank, { ...second.image, data: moved })
    expect(id).toBe('picture-1')
    expect(meanSquare).toBeCloseTo(0.4 ** 2 / 108, 12)
  })

  it('refuses a picture of another size', async () => {
    const bank = await createPictureBank({ pictures })
    expect(() => nearestBankPicture(bank, small)).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    )
  })
})

describe('readPictureBank', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-bank-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** A copy of the built-in bank with one file changed, and its hash in `bank.json` if `hashed`. */
  async function changedBank(
    part: 'captions' | 'pictures' | 'captionEmbeddings' | null,
    change: (content: Buffer) => string | Uint8Array,
    hashed = true,
  ): Promise<string> {
    const copy = await mkdtemp(join(folder, 'bank-'))
    await cp(builtIn, copy, { recursive: true })
    const path = join(copy, 'bank.json')
    const card = JSON.parse(await readFile(path, 'utf8'))
    const changing = part === null ? path : join(copy, card[part].path)
    const content = change(await readFile(changing))
    await writeFile(changing, content)
    if (part !== null && hashed) {
      card[part].sha256 = sha256(content)
      await writeFile(path, JSON.stringify(card))
    }
    return copy
  }

  const withCard = (change: (card: Record<string, unknown>) => void) =>
    changedBank(null, (content) => {
      const card = JSON.parse(String(content))
      change(card)
      return JSON.stringify(card)
    })

  it('reads the built-in bank: the training emoji with names, styles and embeddings', async () => {
    const bank = await readPictureBank(builtIn)
    expect(bank).toMatchObject({ width: 32, height: 32 })
    expect(bank.captions.length).toBe(7041)
    expect(bank.pixels.length).toBe(7041 * 3072)
    expect(bank.captionEmbeddings?.space).toBe('assay/tiny-clip')
    expect(bank.captionEmbeddings?.vectors).toMatchObject({ rows: 7041, columns: 192 })
    const apple = bank.captions.find(({ id }) => id === 'noto/green-apple')
    expect(apple).toMatchObject({ caption: 'green apple', style: 'noto' })
    expect(apple?.tags).toContain('fruit')
  })

  it.each([
    ['a bank that is not there', () => join(folder, 'nowhere'), 'FILE_MISSING'],
    [
      'another form',
      () => withCard((card) => Object.assign(card, { extra: 1 })),
      'MALFORMED_METADATA',
    ],
    [
      'too many tiles',
      () => withCard((card) => Object.assign(card, { height: 64 })),
      'MALFORMED_METADATA',
    ],
    [
      'a path out of the folder',
      () =>
        withCard((card) => Object.assign(card, { captions: { path: '../x.jsonl', sha256: '' } })),
      'MALFORMED_METADATA',
    ],
    [
      'a missing file',
      () => withCard((card) => Object.assign(card['captions'] as object, { path: 'gone.jsonl' })),
      'FILE_MISSING',
    ],
    [
      'captions that were changed',
      () => changedBank('captions', (content) => `${content}\n`, false),
      'MODEL_HASH_MISMATCH',
    ],
    [
      'a caption too few',
      () => changedBank('captions', (content) => String(content).replace(/.*\n/, '')),
      'MALFORMED_METADATA',
    ],
    [
      'a line that is no JSON',
      () => changedBank('captions', (content) => String(content).replace(/.*\n/, '{\n')),
      'MALFORMED_METADATA',
    ],
    [
      'a caption without a name',
      () => changedBank('captions', (content) => String(content).replace('"name"', '"nam"')),
      'MALFORMED_METADATA',
    ],
    [
      'embeddings that are cut off',
      () => changedBank('captionEmbeddings', (content) => content.subarray(0, 5000)),
      'MALFORMED_SAFETENSORS',
    ],
    [
      'embeddings without their space',
      () =>
        changedBank('captionEmbeddings', (content) =>
          Buffer.from(content.toString('latin1').replace('"space"', '"spice"'), 'latin1'),
        ),
      'MALFORMED_METADATA',
    ],
    [
      'a picture that is cut off',
      () => changedBank('pictures', (content) => content.subarray(0, 100_000)),
      'IMAGE_TRUNCATED',
    ],
  ])('refuses %s', async (_, make, code) => {
    await expect(readPictureBank(await make())).rejects.toMatchObject({ code })
  })

  it('does not begin after its signal', async () => {
    const reading = readPictureBank(builtIn, { signal: AbortSignal.abort() })
    await expect(reading).rejects.toMatchObject({ code: 'ABORTED' })
  })
})

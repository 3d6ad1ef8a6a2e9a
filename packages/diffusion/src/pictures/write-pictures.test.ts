import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AssayError,
  type AssayErrorCode,
  type GenerationRequest,
  type ImageGenerator,
} from '@assay/core'
import { decodeImage, readPictureSet } from '@assay/embed'
import { acquireLock, sha256File } from '@assay/store'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { colourOf, type Deed, fakeGenerator } from './__fixtures__/fake-generator.js'
import type { PictureRequest } from './picture-request.js'
import { writePictures } from './write-pictures.js'

let folder = ''
beforeEach(async () => {
  const parent = await mkdtemp(join(tmpdir(), 'assay-pictures-'))
  folder = join(parent, 'pictures')
  return () => rm(parent, { recursive: true })
})

const apples: PictureRequest = { prompt: 'apple', count: 3, seed: 1 }
const pears: PictureRequest = { prompt: 'A ripe pear!', count: 3, seed: 1, steps: 7 }
const names = async () => (await readdir(folder)).sort()
const lines = async (file: string) =>
  (await readFile(join(folder, file), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
const fault = (code: AssayErrorCode) => new AssayError({ code, message: 'Out.', remedy: 'None.' })
const write = (generator: ImageGenerator, requests: readonly PictureRequest[] = [apples, pears]) =>
  writePictures({ generator, requests, folder })

describe('writePictures', () => {
  it('makes a picture set with prompts, seeds and what the generator tells', async () => {
    const { pictures, rejected, failures, added } = await write(fakeGenerator())
    expect({ rejected, failures, added }).toEqual({ rejected: [], failures: [], added: 6 })
    const set = await readPictureSet(folder)
    expect(set.failures).toEqual([])
    expect(set.pictures.map(({ id, prompt }) => [id, prompt])).toEqual([
      ['apple-1.png', 'apple'],
      ['apple-2.png', 'apple'],
      ['apple-3.png', 'apple'],
      ['a-ripe-pear-1.png', 'A ripe pear!'],
      ['a-ripe-pear-2.png', 'A ripe pear!'],
      ['a-ripe-pear-3.png', 'A ripe pear!'],
    ])
    expect(set.pictures[4]?.metadata).toEqual({
      seed: 2,
      steps: 7,
      generator: 'test/colours',
      fingerprint: 'colours 1',
      outcome: 'image',
      width: 4,
      height: 2,
      sha256: await sha256File(join(folder, 'a-ripe-pear-2.png')),
      details: { attribution: { shares: [{ id: 'of A ripe pear!', share: 1 }] } },
    })
    expect(await lines('metadata.jsonl')).toEqual(pictures)
  })

  it('loses no level of any pixel', async () => {
    await write(fakeGenerator())
    for (const seed of [1, 2, 3]) {
      const { data } = await decodeImage(join(folder, `apple-${seed}.png`))
      expect([...data.slice(0, 3)]).toEqual(colourOf('apple', seed))
    }
  })

  it('keeps the very file that a service sent', async () => {
    const bytes = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2, 3)
    const image = { width: 1, height: 1, data: Uint8Array.of(1, 2, 3) }
    const file = { bytes, mediaType: 'image/jpeg' }
    const deeds = { 'apple 2': () => ({ outcome: 'image', image, seed: 2, file }) }
    await write(fakeGenerator(deeds), [apples])
    expect(new Uint8Array(await readFile(join(folder, 'apple-2.jpg')))).toEqual(bytes)
  })

  it('gives each picture a name of its own, whatever the prompts', async () => {
    const prompts = [
      'Äpfel, rot',
      'apfel rot',
      'apfel rot 2',
      '苹果',
      '',
      '../..',
      `${'x'.repeat(60)}-`,
    ]
    const requests = prompts.map((prompt) => ({ prompt, count: 1, seed: 5 }))
    const { pictures } = await write(fakeGenerator(), requests)
    expect(pictures.map((row) => row.file_name)).toEqual([
      'apfel-rot-5.png',
      'apfel-rot-2-5.png',
      'apfel-rot-2-2-5.png',
      'picture-5.png',
      'picture-2-5.png',
      'picture-3-5.png',
      `${'x'.repeat(48)}-5.png`,
    ])
    const set = await readPictureSet(folder)
    expect(set.pictures.map(({ prompt }) => prompt)).toEqual(prompts)
  })

  it('tells of every picture as it is done', async () => {
    const progress = vi.fn()
    const generator = fakeGenerator()
    await writePictures({ generator, requests: [apples], folder, progress })
    expect(progress.mock.calls.map(([event]) => event)).toEqual(
      [0, 1, 2, 3].map((done) => ({ task: 'generate with test/colours', done, total: 3 })),
    )
  })

  it('counts the work of pictures under way, never backwards', async () => {
    const tell = ({ progress }: GenerationRequest) => {
      for (const done of [10, 30, 25]) progress?.({ task: 'draw', done, total: 30 })
      return { outcome: 'rejected', seed: 1, reason: 'none' }
    }
    const progress = vi.fn()
    const generator = fakeGenerator({ 'apple 1': tell })
    await writePictures({ generator, requests: [apples], folder, progress })
    expect(progress.mock.calls.map(([{ done }]) => done)).toEqual([0, 1, 3])
  })

  it('takes a refusal for an outcome, told apart from pictures and failures', async () => {
    const generator = fakeGenerator({ 'apple 2': 'reject' })
    const { pictures, rejected, failures } = await write(generator, [apples])
    expect([pictures.length, failures.length]).toEqual([2, 0])
    expect(rejected).toEqual([
      {
        prompt: 'apple',
        seed: 2,
        generator: 'test/colours',
        fingerprint: 'colours 1',
        outcome: 'rejected',
        reason: 'against the rules',
      },
    ])
    expect(await lines('rejected.jsonl')).toEqual(rejected)
    expect((await readPictureSet(folder)).failures).toEqual([])
    const again = fakeGenerator({ 'apple 2': 'reject' })
    expect((await write(again, [apples])).rejected).toEqual(rejected)
    expect(again.asked).toEqual([])
  })
})

describe('pictures that fail', () => {
  const failing = (deeds: Readonly<Record<string, Deed>>, requests = [apples, pears]) => {
    const generator = fakeGenerator(deeds)
    return { generator, written: write(generator, requests) }
  }

  it('are failures of their own: what was in a batch with them is drawn alone', async () => {
    const { generator, written } = failing({ 'apple 2': fault('NOT_FINITE') })
    const { pictures, failures } = await written
    expect(failures).toEqual([
      {
        id: 'apple (seed 2)',
        stage: 'generate',
        code: 'NOT_FINITE',
        message: 'Out.',
        location: {},
      },
    ])
    expect(pictures.length).toBe(5)
    expect(generator.asked.map(({ seeds }) => seeds)).toEqual([[1, 2, 3], [2], [3], [1, 2, 3]])
  })

  it('are not asked for one by one where the request itself is refused', async () => {
    const { generator, written } = failing({ 'apple 1': fault('INVALID_ARGUMENT') })
    expect((await written).failures.map(({ id }) => id)).toEqual(
      [1, 2, 3].map((n) => `apple (seed ${n})`),
    )
    expect(generator.asked.length).toBe(2)
  })

  it('are tried again, and only they, by the same call', async () => {
    await failing({ 'apple 2': fault('NETWORK_FAILED') }).written
    const again = failing({})
    expect(await again.written).toMatchObject({ failures: [], added: 1 })
    expect(again.generator.asked).toEqual([{ prompt: 'apple', seeds: [2] }])
  })

  it.each(['ACCESS_DENIED', 'MODEL_INCOMPATIBLE', 'ENGINE_CLOSED'] as const)(
    'end the run for %s, which concerns them all, and what was drawn is kept',
    async (code) => {
      await expect(failing({ 'apple 2': fault(code) }).written).rejects.toMatchObject({ code })
      expect((await readPictureSet(folder)).pictures.map(({ id }) => id)).toEqual(['apple-1.png'])
    },
  )

  it('end the run where the service has failed three times in a row', async () => {
    const down = () => {
      throw fault('NETWORK_FAILED')
    }
    const deeds = { 'apple 2': down, 'apple 3': down, 'A ripe pear! 1': down }
    const { generator, written } = failing(deeds)
    await expect(written).rejects.toMatchObject({ code: 'NETWORK_FAILED' })
    expect(generator.asked.at(-1)).toEqual({ prompt: 'A ripe pear!', seeds: [1] })
    expect(await names()).toContain('apple-1.png')
  })

  it('end the run where nothing at all could be drawn', async () => {
    const deeds = Object.fromEntries([1, 2, 3].map((n) => [`apple ${n}`, fault('LIMIT_EXCEEDED')]))
    await expect(failing(deeds, [apples]).written).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
  })

  it.each<[string, Deed]>([
    ['leaves a picture out', () => undefined],
    ['draws another seed', () => ({ outcome: 'rejected', seed: 9, reason: 'none' })],
    ['draws a picture twice', () => ({ outcome: 'rejected', seed: 1, reason: 'none' })],
    [
      'gives other pixels than its size says',
      () => ({
        outcome: 'image',
        seed: 2,
        image: { width: 2, height: 2, data: new Uint8Array(9) },
      }),
    ],
  ])('are told where a generator %s', async (_, deed) => {
    const { failures, pictures } = await failing({ 'apple 2': deed }, [apples]).written
    expect(failures.map(({ id, code }) => [id, code])).toEqual([
      ['apple (seed 2)', 'CONFORMANCE_FAILED'],
    ])
    expect(pictures.map(({ seed }) => seed)).toEqual([1, 3])
  })

  it('are those, too, of which more is told than a line of metadata holds', async () => {
    const image = { width: 1, height: 1, data: Uint8Array.of(1, 2, 3) }
    const metadata = { much: 'x'.repeat(2 ** 20) }
    const deed = () => ({ outcome: 'image', seed: 2, image, metadata })
    const { failures } = await failing({ 'apple 2': deed }, [apples]).written
    expect(failures).toMatchObject([{ stage: 'write', code: 'LIMIT_EXCEEDED' }])
    expect(await names()).not.toContain('apple-2.png')
  })

  it('do not hide a fault of the generator', async () => {
    const bug = () => {
      throw new TypeError('a bug')
    }
    await expect(failing({ 'apple 2': bug }).written).rejects.toThrow(TypeError)
  })
})

describe('a folder of generated pictures', () => {
  it('is taken up again: whole pictures stay, missing and changed ones are drawn', async () => {
    await write(fakeGenerator())
    const before = await readFile(join(folder, 'metadata.jsonl'), 'utf8')
    await rm(join(folder, 'apple-2.png'))
    await truncate(join(folder, 'apple-3.png'), 20)
    await rm(join(folder, 'metadata.jsonl'))
    const again = fakeGenerator()
    expect((await write(again)).added).toBe(2)
    expect(again.asked).toEqual([{ prompt: 'apple', seeds: [2, 3] }])
    expect(await readFile(join(folder, 'metadata.jsonl'), 'utf8')).toBe(before)
    expect(await sha256File(join(folder, 'apple-3.png'))).toBe(
      (await lines('metadata.jsonl'))[2]?.['sha256'],
    )
  })

  it('holds whole pictures only after an abort, goes on there and ends with the same bytes', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const generator = fakeGenerator({ 'apple 2': () => controller.abort() })
    const requests = [{ ...apples, count: 50 }, pears]
    const aborted = writePictures({ generator, requests, folder, signal })
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' })
    const set = await readPictureSet(folder)
    expect(set.pictures.map(({ id }) => id)).toEqual(['apple-1.png', 'apple-3.png'])
    for (const { source } of set.pictures) await decodeImage(source as string)
    expect((await names()).filter((name) => name.includes('tmp'))).toEqual([])
    await write(fakeGenerator(), requests)
    const resumed = await readFile(join(folder, 'metadata.jsonl'), 'utf8')
    await rm(folder, { recursive: true })
    await write(fakeGenerator(), requests)
    expect(await readFile(join(folder, 'metadata.jsonl'), 'utf8')).toBe(resumed)
  })

  it.each<[string, ImageGenerator, readonly PictureRequest[], RegExp]>([
    ['another generator', fakeGenerator({}, { id: 'test/others' }), [apples], /test\/colours/],
    ['another version', fakeGenerator({}, { fingerprint: 'colours 2' }), [apples], /version/],
    ['other prompts', fakeGenerator(), [pears], /prompts/],
    ['more pictures', fakeGenerator(), [{ ...apples, count: 4 }], /prompts/],
    ['other settings', fakeGenerator(), [{ ...apples, guidanceScale: 2 }], /settings/],
  ])('refuses %s', async (_, generator, requests, reason) => {
    await write(fakeGenerator(), [apples])
    const before = await names()
    await expect(write(generator, requests)).rejects.toMatchObject({
      code: 'RUN_MISMATCH',
      message: expect.stringMatching(reason),
    })
    expect(await names()).toEqual(before)
  })

  it('is not mixed with what somebody else keeps there', async () => {
    await mkdir(folder)
    await writeFile(join(folder, 'metadata.jsonl'), '')
    await expect(write(fakeGenerator(), [apples])).rejects.toMatchObject({ code: 'RUN_MISMATCH' })
    expect(await names()).toEqual(['metadata.jsonl'])
    await rm(folder, { recursive: true })
    await write(fakeGenerator(), [apples])
    await rm(join(folder, 'generation.json'))
    await expect(write(fakeGenerator(), [apples])).rejects.toMatchObject({ code: 'RUN_MISMATCH' })
    await writeFile(join(folder, 'generation.json'), '{}')
    await expect(write(fakeGenerator(), [apples])).rejects.toMatchObject({ code: 'RUN_MISMATCH' })
  })

  it('takes another plan where nothing was drawn yet', async () => {
    const refuses = fakeGenerator({ 'apple 1': fault('INVALID_ARGUMENT') })
    await expect(write(refuses, [apples])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect((await write(fakeGenerator(), [pears])).added).toBe(3)
  })

  it('belongs to one process at a time', async () => {
    await write(fakeGenerator(), [apples])
    const lock = await acquireLock(join(folder, 'generation.lock'))
    await expect(write(fakeGenerator(), [apples])).rejects.toMatchObject({ code: 'LOCKED' })
    lock.release()
    await write(fakeGenerator(), [apples])
  })

  it('is refused where a file has its name', async () => {
    await writeFile(folder, '')
    await expect(write(fakeGenerator())).rejects.toMatchObject({ code: 'FILE_WRITE_FAILED' })
  })
})

describe('requests', () => {
  it.each<[AssayErrorCode, readonly PictureRequest[]]>([
    ['EMPTY_INPUT', []],
    ['INVALID_ARGUMENT', [{ ...apples, count: 0 }]],
    ['INVALID_ARGUMENT', [{ ...apples, seed: -1 }]],
    ['INVALID_ARGUMENT', [{ ...apples, seed: 2 ** 53 - 2 }]],
    ['INVALID_ARGUMENT', [{ ...apples, steps: 1.5 }]],
    ['NOT_FINITE', [{ ...apples, guidanceScale: Number.NaN }]],
    ['LIMIT_EXCEEDED', [{ ...apples, count: 1e9 }]],
    ['DUPLICATE_ID', [apples, { ...apples, seed: 3, count: 1 }]],
  ])('are refused with %s before a folder is made: %j', async (code, requests) => {
    await expect(write(fakeGenerator(), requests)).rejects.toMatchObject({ code })
    await expect(names()).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('may name a prompt twice with other seeds or settings', async () => {
    const more = [apples, { ...apples, seed: 4 }, { ...apples, guidanceScale: 3 }]
    const { pictures } = await write(fakeGenerator(), more)
    expect(new Set(pictures.map((row) => row.file_name)).size).toBe(9)
  })
})

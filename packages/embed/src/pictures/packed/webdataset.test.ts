import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { AssayError } from '@assay/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { recordingEncoder } from '../../__fixtures__/recording-encoder.js'
import { type TarFile, tarOf } from '../../__fixtures__/tar-of.js'
import { embedPictures } from '../../cached/embed-pictures.js'
import type { Picture, PictureSet } from '../picture-set.js'
import { readPictureSet } from '../read-picture-set.js'

let root: string
let folder: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-webdataset-'))
})
beforeEach(() => {
  folder = mkdtempSync(join(root, 'set-'))
})
afterAll(() => rmSync(root, { recursive: true }))

const put = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

const bytesOf = async ({ source }: Picture): Promise<string> =>
  typeof source === 'string' ? source : Buffer.from(await source.read()).toString()

const contents = ({ pictures }: PictureSet) => Promise.all(pictures.map(bytesOf))

const files: readonly TarFile[] = [
  ['b.jpg', 'picture b'],
  ['b.json', '{"prompt": "a bee", "seed": 3}'],
  ['a.png', 'picture a'],
  ['a.txt', 'an ant\n'],
  ['sub/c.webp', 'picture c'],
  ['sub/c.txt', 'not this'],
  ['sub/c.json', '{"prompt": "this", "caption": "kept"}'],
  ['d.avif', 'picture d'],
  ['d.txt', 'this'],
  ['d.json', '{"caption": "kept", "width": 4}'],
  ['e.0.jpg', 'picture e0'],
  ['e.1.jpg', 'picture e1'],
  ['e.cls', '7'],
  ['f.jpeg', 'picture f'],
]

describe('an archive of pictures', () => {
  it.each(['tar', 'tar.gz'])(
    'gives them in its order, with prompt and metadata: %s',
    async (kind) => {
      const tar = tarOf(files)
      const set = await readPictureSet(put(`set.${kind}`, kind === 'tar' ? tar : gzipSync(tar)))
      expect(set.failures).toEqual([])
      expect(set.pictures.map(({ id, prompt, metadata }) => [id, prompt, metadata])).toEqual([
        ['b.jpg', 'a bee', { seed: 3 }],
        ['a.png', 'an ant', {}],
        ['sub/c.webp', 'this', { caption: 'kept' }],
        ['d.avif', 'this', { caption: 'kept', width: 4 }],
        ['e.0.jpg', null, {}],
        ['e.1.jpg', null, {}],
        ['f.jpeg', null, {}],
      ])
      const expected = ['b', 'a', 'c', 'd', 'e0', 'e1', 'f'].map((name) => `picture ${name}`)
      expect(await contents(set)).toEqual(expected)
      expect(await Promise.all([...set.pictures].reverse().map(bytesOf))).toEqual(
        expected.reverse(),
      )
    },
  )

  it('is known by its content', async () => {
    const set = await readPictureSet(put('innocent.png', tarOf(files)))
    expect(set.pictures).toHaveLength(7)
    const other = readPictureSet(put('other.png', Buffer.from('no archive')))
    await expect(other).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT' })
  })

  it('is embedded like a folder, with failures for what is broken', async () => {
    const tar = tarOf([
      ['1.jpg', '12'],
      ['2.jpg', 'x'],
      ['3.jpg', '34'],
    ])
    const { pictures } = await readPictureSet(put('set.tar', tar))
    const { embeddings, failures } = await embedPictures({
      encoder: recordingEncoder(),
      pictures,
      fileBytes: 2,
    })
    expect(embeddings.ids).toEqual(['1.jpg', '3.jpg'])
    expect(failures[0]).toMatchObject({ id: '2.jpg', code: 'IMAGE_CORRUPT' })
    const small = await embedPictures({ encoder: recordingEncoder(), pictures, fileBytes: 1 })
    expect(small.failures).toMatchObject([
      { id: '1.jpg', stage: 'read', code: 'IMAGE_TOO_LARGE' },
      { id: '2.jpg' },
      { id: '3.jpg', stage: 'read', code: 'IMAGE_TOO_LARGE' },
    ])
  })

  it.each([
    ['no JSON', 'json', '{', 'MALFORMED_METADATA', 'no JSON'],
    ['no object', 'json', '[1]', 'MALFORMED_METADATA', 'no JSON object'],
    ['a prototype', 'json', '{"__proto__": {"polluted": 1}}', 'MALFORMED_METADATA', '__proto__'],
    ['a repeated key', 'json', '{"a": 1, "a": 2}', 'MALFORMED_METADATA', 'twice'],
    ['deep nesting', 'json', `{"a": ${'['.repeat(5000)}`, 'MALFORMED_METADATA', 'nested'],
    ['a prompt of 3', 'json', '{"prompt": 3}', 'MALFORMED_METADATA', '`prompt`'],
    ['no UTF-8', 'txt', Buffer.from([0xff, 0xfe]), 'MALFORMED_METADATA', 'not UTF-8'],
    ['a megabyte and more', 'txt', 'a'.repeat(2 ** 20 + 1), 'LIMIT_EXCEEDED', 'more than'],
  ])(
    'makes a failure of a picture beside %s, and goes on',
    async (_, kind, content, code, reason) => {
      const around: TarFile[] = [
        ['a.jpg', 'picture a'],
        ['b.jpg', 'picture b'],
        ['c.jpg', 'picture c'],
      ]
      const set = await readPictureSet(put('set.tar', tarOf([...around, [`b.${kind}`, content]])))
      expect(set.pictures.map(({ id }) => id)).toEqual(['a.jpg', 'c.jpg'])
      expect(set.failures).toMatchObject([
        { id: 'b.jpg', stage: 'read', code, location: { file: 'set.tar' } },
      ])
      expect(set.failures[0]?.message).toContain(reason)
      expect({}).not.toHaveProperty('polluted')
    },
  )

  it('makes a failure of metadata without a picture', async () => {
    const set = await readPictureSet(
      put(
        'set.tar',
        tarOf([
          ['a.jpg', 'a'],
          ['b.txt', 'a bee'],
        ]),
      ),
    )
    expect(set.failures).toMatchObject([{ id: 'b', code: 'FILE_MISSING' }])
    expect(set.pictures).toHaveLength(1)
  })

  it('is an error as a whole where it cannot be told how much is missing', async () => {
    const tar = tarOf(files)
    const cut = readPictureSet(put('cut.tar', tar.subarray(0, 3000)))
    await expect(cut).rejects.toMatchObject({ code: 'MALFORMED_TAR' })
    const bomb = readPictureSet(
      put('bomb.tar.gz', gzipSync(tarOf([['a.jpg', Buffer.alloc(2 ** 26)]]))),
    )
    await expect(bomb).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
    const many = readPictureSet(put('many.tar', tar), { limits: { tar: { entries: 3 } } })
    await expect(many).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
  })

  it.each<[string, TarFile]>([
    ['a way out', ['../a.jpg', 'x']],
    ['an absolute name', ['/tmp/a.jpg', 'x']],
    ['a drive-relative name', ['C:..\\a.jpg', 'x']],
    ['another case', ['B.JPG', 'x']],
    ['a link', ['link.jpg', '', 'symlink']],
    ['a hard link', ['link.jpg', '', 'link']],
    ['a device', ['device.jpg', '', 'character-device']],
    ['a pipe', ['pipe.jpg', '', 'fifo']],
    ['a depth of 2,000', [`${'d/'.repeat(2000)}a.jpg`, 'x']],
  ])('with %s is refused, and nothing is written anywhere', async (_, file) => {
    const path = put('set.tar', tarOf([...files, file]))
    await expect(readPictureSet(path)).rejects.toMatchObject({ code: 'MALFORMED_TAR' })
    expect(readdirSync(folder)).toEqual(['set.tar'])
  })

  it('that changes after it was listed costs its pictures, not the run', async () => {
    const tar = tarOf(files)
    for (const [name, bytes] of [
      ['set.tar', tar],
      ['set.tar.gz', gzipSync(tar)],
    ] as const) {
      const path = put(name, bytes)
      const { pictures } = await readPictureSet(path)
      truncateSync(path, Math.floor(bytes.length / 3))
      const codes = await Promise.all(
        pictures.map((picture) =>
          bytesOf(picture).then(
            () => 'read',
            (error: unknown) => AssayError.isInstance(error) && error.code,
          ),
        ),
      )
      expect(new Set(codes)).toEqual(new Set(['read', 'IMAGE_UNREADABLE']))
    }
  })
})

describe('a folder of archives', () => {
  it('is one set, in the order of their names', async () => {
    put('001.tar', tarOf([['a.jpg', 'second']]))
    put(
      '000.tar',
      tarOf([
        ['a.jpg', 'first'],
        ['b.jpg', 'b'],
      ]),
    )
    put(
      '002.tar.gz',
      gzipSync(
        tarOf([
          ['a.jpg', 'third'],
          ['z.jpg', 'last'],
        ]),
      ),
    )
    put('README.md', Buffer.from('about'))
    const set = await readPictureSet(folder)
    const ids = [
      '000.tar/a.jpg',
      '000.tar/b.jpg',
      '001.tar/a.jpg',
      '002.tar.gz/a.jpg',
      '002.tar.gz/z.jpg',
    ]
    expect(set.pictures.map(({ id }) => id)).toEqual(ids)
    expect(await contents(set)).toEqual(['first', 'b', 'second', 'third', 'last'])
  })

  it('is no set where pictures or tables lie beside them', async () => {
    put('000.tar', tarOf(files))
    put('loose.png', Buffer.from('x'))
    const mixed = { code: 'INVALID_ARGUMENT', message: expect.stringContaining('loose.png') }
    await expect(readPictureSet(folder)).rejects.toMatchObject(mixed)
    rmSync(join(folder, 'loose.png'))
    put('a.parquet', Buffer.from('x'))
    await expect(readPictureSet(folder)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('is not looked at where metadata name pictures', async () => {
    put('000.tar', tarOf(files))
    put('a.png', Buffer.from('x'))
    put('metadata.jsonl', Buffer.from('{"file_name": "a.png"}'))
    mkdirSync(join(folder, 'sub'))
    expect((await readPictureSet(folder)).pictures.map(({ id }) => id)).toEqual(['a.png'])
  })
})

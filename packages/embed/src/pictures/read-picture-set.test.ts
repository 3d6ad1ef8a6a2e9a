import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { solid } from '../__fixtures__/picture-files.js'
import { readPictureSet } from './read-picture-set.js'

const folders: string[] = []
const newFolder = () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'assay-set-')))
  folders.push(folder)
  return folder
}
afterAll(() => {
  for (const each of folders) rmSync(each, { recursive: true })
})

let png: Buffer
let webp: Buffer
beforeAll(async () => {
  png = await solid(4, 4, [1, 2, 3]).png().toBuffer()
  webp = await solid(4, 4, [1, 2, 3]).webp().toBuffer()
})

let folder: string
beforeEach(() => {
  folder = newFolder()
})
const put = (path: string, content: string | Uint8Array) => {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), content)
}
const metadata = (...lines: (string | object)[]) =>
  put(
    'metadata.jsonl',
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
  )

describe('a folder without metadata', () => {
  it('gives every picture by content, sorted, whatever the names', async () => {
    put('b.png', png)
    put('a.dat', webp)
    put('sub/folder/c.jpeg', png)
    put('Z', png)
    put('notes.txt', 'no picture')
    put('.hidden.png', png)
    put('.hidden/a.png', png)
    const set = await readPictureSet(folder)
    expect(set.pictures.map(({ id }) => id)).toEqual(['Z', 'a.dat', 'b.png', 'sub/folder/c.jpeg'])
    expect(set.failures).toEqual([])
    expect(set.folder).toBe(folder)
    expect(set.pictures[1]).toEqual({
      id: 'a.dat',
      path: 'a.dat',
      source: join(folder, 'a.dat'),
      prompt: null,
      metadata: {},
    })
  })

  it('keeps what is only called a picture, so that it is missed later and not forgotten', async () => {
    put('empty.PNG', '')
    put('old.gif', 'GIF89a')
    put('README.md', '')
    expect((await readPictureSet(folder)).pictures.map(({ id }) => id)).toEqual([
      'empty.PNG',
      'old.gif',
    ])
  })

  it('refuses links that lead out of the folder, and follows those that do not', async () => {
    const outside = join(newFolder(), 'secret.png')
    writeFileSync(outside, png)
    put('a.png', png)
    symlinkSync(outside, join(folder, 'b.png'))
    symlinkSync(join(folder, 'a.png'), join(folder, 'c.png'))
    symlinkSync(join(folder, 'gone.png'), join(folder, 'd.png'))
    const { pictures, failures } = await readPictureSet(folder)
    expect(pictures.map(({ id }) => id)).toEqual(['a.png', 'c.png'])
    expect(failures).toMatchObject([
      { id: 'b.png', code: 'IMAGE_UNREADABLE', message: expect.stringContaining('leads out') },
      { id: 'd.png', code: 'FILE_MISSING' },
    ])
  })

  it('is empty where there is none, and an error where there is no folder', async () => {
    expect(await readPictureSet(folder)).toMatchObject({ pictures: [], failures: [] })
    const missing = { code: 'FILE_MISSING' }
    await expect(readPictureSet(join(folder, 'absent'))).rejects.toMatchObject(missing)
    put('file', 'x')
    const unknown = { code: 'UNSUPPORTED_FORMAT' }
    await expect(readPictureSet(join(folder, 'file'))).rejects.toMatchObject(unknown)
  })
})

describe('a folder with metadata', () => {
  it('gives what the lines name, in their order, with prompt and metadata', async () => {
    put('b.png', png)
    put('sub/a.png', png)
    put('unlisted.png', png)
    metadata(
      { file_name: 'sub/a.png', prompt: 'an ant', seed: 3, tags: ['x'] },
      '',
      { file_name: 'b.png' },
      { prompt: null, file_name: 'unlisted.png' },
    )
    const { pictures, failures } = await readPictureSet(folder)
    expect(failures).toEqual([])
    expect(pictures.map(({ id, prompt, metadata }) => ({ id, prompt, metadata }))).toEqual([
      { id: 'sub/a.png', prompt: 'an ant', metadata: { seed: 3, tags: ['x'] } },
      { id: 'b.png', prompt: null, metadata: {} },
      { id: 'unlisted.png', prompt: null, metadata: {} },
    ])
  })

  it('reads Windows line ends and a byte order mark', async () => {
    put('a.png', png)
    put('metadata.jsonl', '\ufeff{"file_name": "a.png", "prompt": "ä"}\r\n')
    const { pictures, failures } = await readPictureSet(folder)
    expect(failures).toEqual([])
    expect(pictures[0]?.prompt).toBe('ä')
  })

  it.each<[string, string | Uint8Array, string, string]>([
    ['broken JSON', '{"file_name": "x.png"', 'MALFORMED_METADATA', 'is no JSON'],
    ['no object', '["x.png"]', 'MALFORMED_METADATA', 'is no JSON object'],
    ['null', 'null', 'MALFORMED_METADATA', 'is no JSON object'],
    ['no file name', '{"prompt": "x"}', 'MALFORMED_METADATA', 'has no `file_name`'],
    ['a number for a name', '{"file_name": 3}', 'MALFORMED_METADATA', 'has no `file_name`'],
    [
      'a number for a prompt',
      '{"file_name": "x.png", "prompt": 3}',
      'MALFORMED_METADATA',
      '`prompt`',
    ],
    ['a way out', '{"file_name": "../x.png"}', 'MALFORMED_METADATA', 'inside the folder'],
    ['an absolute path', '{"file_name": "/etc/passwd"}', 'MALFORMED_METADATA', 'inside the folder'],
    ['a drive', '{"file_name": "C:x.png"}', 'MALFORMED_METADATA', 'inside the folder'],
    ['a backslash', '{"file_name": "..\\\\x.png"}', 'MALFORMED_METADATA', 'inside the folder'],
    ['a NUL', '{"file_name": "x.png\\u0000"}', 'MALFORMED_METADATA', 'inside the folder'],
    [
      'a prototype',
      '{"file_name": "x.png", "__proto__": {"polluted": 1}}',
      'MALFORMED_METADATA',
      '__proto__',
    ],
    [
      'a prototype inside',
      '{"file_name": "x.png", "a": {"__proto__": {}}}',
      'MALFORMED_METADATA',
      '__proto__',
    ],
    [
      'a repeated key',
      '{"file_name": "x.png", "file_name": "y.png"}',
      'MALFORMED_METADATA',
      'twice',
    ],
    [
      'deep nesting',
      `{"file_name": "x.png", "a": ${'['.repeat(10_000)}`,
      'MALFORMED_METADATA',
      'nested',
    ],
    [
      'an overlong line',
      `{"file_name": "x.png", "a": "${'a'.repeat(2 ** 20)}"}`,
      'LIMIT_EXCEEDED',
      'longer than',
    ],
    ['no UTF-8', Uint8Array.from([0x7b, 0xff, 0x7d]), 'MALFORMED_METADATA', 'is not UTF-8'],
    ['a repeated file', '{"file_name": "a.png"}', 'DUPLICATE_ID', 'after line 1'],
  ])('makes a failure of a line with %s, and goes on', async (_, line, code, reason) => {
    put('a.png', png)
    put('b.png', png)
    const around = ['{"file_name": "a.png"}\n', line, '\n{"file_name": "b.png"}']
    put('metadata.jsonl', Buffer.concat(around.map((part) => Buffer.from(part))))
    const { pictures, failures } = await readPictureSet(folder)
    expect(pictures.map(({ id }) => id)).toEqual(['a.png', 'b.png'])
    expect(failures).toHaveLength(1)
    expect(failures[0]).toMatchObject({
      id: 'metadata.jsonl:2',
      stage: 'read',
      code,
      location: { file: 'metadata.jsonl', row: 2 },
    })
    expect(failures[0]?.message).toContain('Line 2 of metadata.jsonl')
    expect(failures[0]?.message).toContain(reason)
    expect({}).not.toHaveProperty('polluted')
  })

  it('makes a failure of a file that is not there', async () => {
    put('b.png', png)
    metadata({ file_name: 'a.png', prompt: 'x' }, { file_name: 'b.png' })
    const { pictures, failures } = await readPictureSet(folder)
    expect(pictures.map(({ id }) => id)).toEqual(['b.png'])
    expect(failures).toMatchObject([
      { id: 'a.png', code: 'FILE_MISSING', location: { file: 'a.png' } },
    ])
  })
})

describe('a folder that cannot be listed whole', () => {
  it.skipIf(process.getuid?.() === 0)(
    'is an error, because what is missing is not known',
    async () => {
      put('a.png', png)
      put('closed/b.png', png)
      chmodSync(join(folder, 'closed'), 0)
      await expect(readPictureSet(folder)).rejects.toMatchObject({ code: 'FILE_READ_FAILED' })
      chmodSync(join(folder, 'closed'), 0o700)
    },
  )
})

describe('the demo set', () => {
  it('is read whole', async () => {
    const world = fileURLToPath(new URL('../../../../models/tiny-world/demo/', import.meta.url))
    for (const name of ['outputs', 'protected', 'reference']) {
      const { pictures, failures } = await readPictureSet(join(world, name))
      expect(failures).toEqual([])
      expect(pictures.length).toBeGreaterThan(100)
    }
  })
})

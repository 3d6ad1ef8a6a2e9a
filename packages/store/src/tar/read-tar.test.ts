import { readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { AssayError } from '@assay/core'
import fc from 'fast-check'
import { type Pack, pack } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { sharedData } from '../test-support/shared-data.test.helper.js'
import { temporaryFolder } from '../test-support/temporary-folder.test.helper.js'
import { type ReadTarOptions, readTar, walkTar } from './read-tar.js'
import oracle from './read-tar.oracle.json' with { type: 'json' }

const path = temporaryFolder()
const unpacked = (archive: string) => gunzipSync(Buffer.from(archive, 'base64'))

async function filesOf(bytes: Uint8Array, options?: ReadTarOptions): Promise<[string, string][]> {
  writeFileSync(path('a.tar'), bytes)
  const files: [string, string][] = []
  for await (const entry of readTar(path('a.tar'), options)) {
    files.push([entry.name, Buffer.from(entry.bytes).toString('hex')])
  }
  return files
}

async function bytesOf(packing: Pack): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of packing as AsyncIterable<Uint8Array>) pieces.push(piece)
  return Buffer.concat(pieces)
}

async function archiveOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<Buffer> {
  const packing = pack()
  for (const [name, content] of Object.entries(files)) packing.entry({ name }, content)
  packing.finalize()
  return bytesOf(packing)
}

/** The header block of an archive's first entry, with a checksum that fits again. */
function withField(archive: Buffer, offset: number, text: string): Buffer {
  const changed = Buffer.from(archive)
  changed.write(text, offset, 'latin1')
  changed.fill(' ', 148, 156)
  const sum = changed.subarray(0, 512).reduce((total, byte) => total + byte, 0)
  changed.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return changed
}

describe('readTar', () => {
  it.each(Object.entries(oracle.good))('reads the files of Python’s %s archive', async (_, it) => {
    expect(await filesOf(unpacked(it.archive))).toEqual(it.files)
  })

  it('reads an archive packed with gzip alike', async () => {
    const { archive, files } = oracle.good.pax
    expect(await filesOf(Buffer.from(archive, 'base64'))).toEqual(files)
  })

  it('brings back any files', async () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9/]{0,30}[a-z]$/), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(names, fc.uint8Array({ maxLength: 2000 }), async (list, bytes) => {
        const plain = list.map((name) => name.replaceAll(/\/+/g, '/'))
        const files = plain.map((name, at) => [name, bytes.subarray(at)] as const)
        fc.pre(new Set(plain).size === plain.length)
        const expected = files.map(([name, part]) => [name, Buffer.from(part).toString('hex')])
        expect(await filesOf(await archiveOf(Object.fromEntries(files)))).toEqual(expected)
      }),
      { seed: 4, numRuns: 100 },
    )
  })

  it('reads only the files that are wanted', async () => {
    const { archive } = oracle.good.ustar
    const include = (name: string) => name.endsWith('.txt')
    expect(await filesOf(unpacked(archive), { include })).toEqual([
      ['000.txt', Buffer.from('a caption').toString('hex')],
    ])
  })

  it.each(Object.entries(oracle.bad))('refuses a %s', async (_, archive) => {
    const error = await filesOf(unpacked(archive)).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'MALFORMED_TAR',
      location: { file: path('a.tar'), row: expect.any(Number) },
    })
  })

  it('finds a cut anywhere, also between two entries', async () => {
    const bytes = await archiveOf({ a: 'first', b: Buffer.alloc(512), c: 'x'.repeat(700) })
    const end = bytes.length - 1024
    const isNearBlock = (at: number) => (at + 2) % 512 < 5
    for (let cut = 0; cut < end + 512; cut += isNearBlock(cut) || isNearBlock(cut + 6) ? 1 : 7) {
      const error = await filesOf(bytes.subarray(0, cut)).catch((thrown: unknown) => thrown)
      expect(AssayError.isInstance(error) && error.code, `cut at ${cut}`).toBe('MALFORMED_TAR')
    }
    expect(await filesOf(bytes.subarray(0, end + 512))).toHaveLength(3)
  })

  it('finds a cut at every byte of a packed archive', async () => {
    const bytes = Buffer.from(oracle.good.pax.archive, 'base64')
    for (let cut = 0; cut < bytes.length; cut++) {
      const error = await filesOf(bytes.subarray(0, cut)).catch((thrown: unknown) => thrown)
      expect(AssayError.isInstance(error) && error.code, `cut at ${cut}`).toBe('MALFORMED_TAR')
    }
  })

  it('ends with files or an AssayError whatever bytes are changed', async () => {
    const whole = unpacked(oracle.good.gnu.archive).subarray(0, 8192)
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        const bytes = Buffer.from(whole)
        for (const [at, byte] of changes) bytes[at] = byte
        const outcome = await filesOf(bytes).catch((thrown: unknown) => thrown)
        expect(Array.isArray(outcome) || AssayError.isInstance(outcome)).toBe(true)
      }),
      { seed: 5, numRuns: 400 },
    )
  })

  it.each([
    ['negative', '-0000000001 '],
    ['not octal', '9zzzzzzzzzz '],
    ['beyond the file', '00000777777 '],
  ])('refuses a size that is %s', async (_, size) => {
    const bytes = withField(await archiveOf({ a: 'text' }), 124, size)
    await expect(filesOf(bytes)).rejects.toMatchObject({ code: 'MALFORMED_TAR' })
  })

  it('refuses an unknown type of entry', async () => {
    const bytes = withField(await archiveOf({ a: 'text' }), 156, 'Z')
    await expect(filesOf(bytes)).rejects.toMatchObject({
      code: 'MALFORMED_TAR',
      message: expect.stringContaining('unknown'),
    })
  })

  it.each([
    ['case', 'Cat.jpg', 'cat.JPG'],
    ['a sharp s', 'Straße.jpg', 'STRASSE.jpg'],
    ['composition', 'caf\u00e9.jpg', 'cafe\u0301.jpg'],
    ['case in a folder', 'A/x.jpg', 'a/x.jpg'],
  ])('refuses two names that differ in %s only', async (_, one, other) => {
    await expect(filesOf(await archiveOf({ [one]: '1', [other]: '2' }))).rejects.toMatchObject({
      code: 'MALFORMED_TAR',
      message: expect.stringContaining(other),
    })
  })

  it('gives an archive in an archive as the file that it is', async () => {
    const inner = await archiveOf({ '../outside': 'x' })
    expect(
      await filesOf(await archiveOf({ 'inner.tar': inner, 'inner.tar.gz': gzipSync(inner) })),
    ).toEqual([
      ['inner.tar', inner.toString('hex')],
      ['inner.tar.gz', gzipSync(inner).toString('hex')],
    ])
  })

  it('reads a hundred thousand entries, and not one more than it may', {
    timeout: 120_000,
  }, async () => {
    const header = (await archiveOf({ '000000': '' })).subarray(0, 512)
    const sum = header.subarray(0, 148).reduce((total, byte) => total + byte, 0)
    const rest = header.subarray(156).reduce((total, byte) => total + byte, 8 * 32)
    const bytes = Buffer.alloc(512 * 100_001, header)
    for (let at = 0; at <= 100_000; at++) {
      const name = String(at).padStart(6, '0')
      const added = [...name].reduce((total, digit) => total + Number(digit), 0)
      bytes.write(name, 512 * at)
      bytes.write(`${(sum + rest + added).toString(8).padStart(6, '0')}\0 `, 512 * at + 148)
    }
    writeFileSync(path('a.tar'), bytes)
    let count = 0
    const reading = (async () => {
      for await (const { size } of walkTar(path('a.tar'), { limits: { entries: 100_000 } })) {
        count += 1 + size
      }
    })()
    await expect(reading).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      location: { row: 100_001 },
    })
    expect(count).toBe(100_000)
  })

  it('refuses a size of 2^62 bytes without setting memory aside', async () => {
    // Base 256 is marked by the highest bit of the first byte.
    const size = Buffer.concat([Buffer.of(0x80, 0, 0, 0, 0x40), Buffer.alloc(7)]).toString('latin1')
    const bytes = withField(await archiveOf({ a: 'text' }), 124, size)
    const codes = expect.stringMatching(/^(MALFORMED_TAR|LIMIT_EXCEEDED)$/)
    await expect(filesOf(bytes)).rejects.toMatchObject({ code: codes })
  })

  it.each([
    ['entries', { entries: 2 }],
    ['bytes of a file', { entryBytes: 3 }],
    ['bytes in all', { totalBytes: 1500 }],
  ])('holds its limit of %s', async (_, limits) => {
    const bytes = await archiveOf({ a: '1234', b: '1', c: '2' })
    await expect(filesOf(bytes, { limits })).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      location: { file: path('a.tar') },
    })
  })

  it('passes over a large file that is not wanted', async () => {
    const bytes = await archiveOf({ large: '12345', small: '1' })
    const options = { include: (name: string) => name === 'small', limits: { entryBytes: 1 } }
    expect(await filesOf(bytes, options)).toEqual([['small', '31']])
  })

  it('holds its limits of names', async () => {
    const bytes = await archiveOf({ 'a/b/c': '1' })
    const malformed = expect.objectContaining({ code: 'MALFORMED_TAR' })
    await expect(filesOf(bytes, { limits: { depth: 1 } })).rejects.toEqual(malformed)
    await expect(filesOf(bytes, { limits: { nameLength: 4 } })).rejects.toEqual(malformed)
    expect(await filesOf(bytes, { limits: { depth: 2, nameLength: 5 } })).toHaveLength(1)
  })

  it('stops a bomb long before it is unpacked', async () => {
    const bomb = gzipSync(await archiveOf({ zeros: Buffer.alloc(64 * 2 ** 20) }))
    await expect(filesOf(bomb)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED', value: 200 })
    expect(await filesOf(bomb, { limits: { ratio: 2000 } })).toHaveLength(1)
  })

  it('lets go of the file when the reader stops early', async () => {
    writeFileSync(path('a.tar'), await archiveOf({ a: '1', b: '2' }))
    for await (const { name } of readTar(path('a.tar'))) {
      expect(name).toBe('a')
      break
    }
  })

  it('says which file is missing', async () => {
    const reading = readTar(path('missing.tar')).next()
    await expect(reading).rejects.toMatchObject({
      code: 'FILE_MISSING',
      location: { file: path('missing.tar') },
    })
  })

  it.each(Object.entries(oracle.good))(
    'says where each file of the %s archive lies',
    async (_, it) => {
      const bytes = unpacked(it.archive)
      writeFileSync(path('a.tar'), bytes)
      const found: [string, string][] = []
      for await (const { name, size, offset } of walkTar(path('a.tar'))) {
        found.push([name, bytes.subarray(offset ?? 0, (offset ?? 0) + size).toString('hex')])
      }
      expect(found).toEqual(it.files)
      writeFileSync(path('a.tar'), Buffer.from(it.archive, 'base64'))
      for await (const { offset } of walkTar(path('a.tar'))) expect(offset).toBeNull()
    },
  )

  const corpus = sharedData('hostile-images/corpus.tar.gz')
  it.skipIf(corpus.absent)(`reads every file of a real archive ${corpus.note}`, async () => {
    const lines = readFileSync(sharedData('hostile-images/manifest.tsv').path, 'utf8').trimEnd()
    const listed = lines.split('\n').map((line) => line.split('\t').slice(0, 2).join(' '))
    const found: string[] = []
    for await (const { name, bytes } of readTar(corpus.path)) found.push(`${name} ${bytes.length}`)
    expect(found.sort()).toEqual(listed.sort())
  })
})

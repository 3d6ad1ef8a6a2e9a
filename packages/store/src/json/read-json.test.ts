import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../test-support/temporary-folder.test.helper.js'
import { readJson } from './read-json.js'

const path = temporaryFolder()

function written(content: string | Uint8Array): string {
  writeFileSync(path('a.json'), content)
  return path('a.json')
}

describe('readJson', () => {
  it('reads a document, also with a byte order mark', async () => {
    expect(await readJson(written('{"a":[1,"ü",null]}'))).toEqual({ a: [1, 'ü', null] })
    expect(await readJson(written('\ufeff[]'))).toEqual([])
  })

  it.each([
    ['broken syntax', '{"a":'],
    ['a key twice', '{"a":1,"a":2}'],
    ['__proto__', '{"__proto__":{"polluted":true}}'],
    ['__proto__ in disguise', '{"\\u005f_proto__":{"polluted":true}}'],
    ['nesting of 10,000', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['a number beyond float64', '{"score":1e999}'],
    ['bytes that are no UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
  ])('refuses %s and names the file', async (_, content) => {
    const file = written(content)
    await expect(readJson(file)).rejects.toMatchObject({
      code: 'MALFORMED_JSON',
      location: { file },
    })
    expect({}).not.toHaveProperty('polluted')
  })

  it('refuses a document beyond its limits', async () => {
    const file = written('[[[1]]]')
    await expect(readJson(file, { bytes: 6 })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
    await expect(readJson(file, { depth: 2 })).rejects.toMatchObject({ code: 'MALFORMED_JSON' })
  })

  it('says which file is missing', async () => {
    await expect(readJson(path('no.json'))).rejects.toMatchObject({
      code: 'FILE_MISSING',
      location: { file: path('no.json') },
    })
  })
})

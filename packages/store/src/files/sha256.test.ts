import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../test-support/temporary-folder.test.helper.js'
import { sha256, sha256File } from './sha256.js'

const path = temporaryFolder()

// FIPS 180-2, appendix B.
const known = [
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
  ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
] as const

describe('sha256', () => {
  it.each(known)('hashes text, bytes and files alike', async (text, digest) => {
    writeFileSync(path('a'), text)
    expect(sha256(text)).toBe(digest)
    expect(sha256(Buffer.from(text))).toBe(digest)
    expect(await sha256File(path('a'))).toBe(digest)
  })

  it('says which file is missing and which cannot be read', async () => {
    const missing = path('missing')
    await expect(sha256File(missing)).rejects.toMatchObject({
      code: 'FILE_MISSING',
      location: { file: missing },
    })
    await expect(sha256File(path())).rejects.toMatchObject({ code: 'FILE_READ_FAILED' })
  })
})

import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AssayError, createRandom } from '@assay/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fakeEngine } from '../__fixtures__/fake-engine.js'
import { cardHead, imageTower, writeModel } from '../__fixtures__/model-folder.js'
import { openEncoder } from '../encoder/open-encoder.js'
import { loadModelCard } from './load-model-card.js'
import { parseModelCard } from './parse-model-card.js'
import { type VerifiedFile, type VerifyOptions, verifiedFiles } from './verified-files.js'

const random = createRandom(7)
const bytes = (length: number) => Uint8Array.from({ length }, () => random.integer(256))
const files = { 'image.onnx': bytes(5000), 'other.onnx': bytes(5000) }

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-verify-'))
})
beforeEach(() => writeModel(folder, files, { ...cardHead, dimensions: 3, image: imageTower }))
afterAll(() => rmSync(folder, { recursive: true }))

/** Tries to open the model; whatever comes of it, no session may have opened after a failure. */
async function codeOfOpening(): Promise<string> {
  const engine = fakeEngine()
  try {
    await openEncoder({ folder, engine })
    expect(engine.opened).toBe(1)
    return 'opened'
  } catch (error) {
    expect(engine.opened).toBe(0)
    if (!AssayError.isInstance(error)) throw error
    expect(error.location.file).toContain('.onnx')
    return error.code
  }
}

describe('before a session opens', () => {
  it('intact files pass', async () => {
    expect(await codeOfOpening()).toBe('opened')
  })

  it('one flipped bit is found, at each of 100 places', async () => {
    for (let trial = 0; trial < 100; trial++) {
      const damaged = Uint8Array.from(files['image.onnx'])
      const place = random.integer(damaged.length)
      damaged[place] = (damaged[place] ?? 0) ^ (1 << random.integer(8))
      writeFileSync(join(folder, 'image.onnx'), damaged)
      expect(await codeOfOpening(), `byte ${place}`).toBe('MODEL_HASH_MISMATCH')
    }
  })

  it('a shorter, a longer and an empty file are found', async () => {
    const whole = files['image.onnx']
    for (const changed of [whole.slice(0, -1), Buffer.concat([whole, whole]), new Uint8Array(0)]) {
      writeFileSync(join(folder, 'image.onnx'), changed)
      expect(await codeOfOpening()).toBe('MODEL_HASH_MISMATCH')
    }
  })

  it('two files of equal length that were swapped are found', async () => {
    writeFileSync(join(folder, 'image.onnx'), files['other.onnx'])
    writeFileSync(join(folder, 'other.onnx'), files['image.onnx'])
    expect(await codeOfOpening()).toBe('MODEL_HASH_MISMATCH')
  })

  it('a missing file is found, also one that no tower uses', async () => {
    rmSync(join(folder, 'other.onnx'))
    expect(await codeOfOpening()).toBe('MODEL_FILE_MISSING')
  })

  describe('a file whose hash its card does not tell', () => {
    const open = { path: 'image.onnx', bytes: null, sha256: null, reason: 'no network here.' }
    const image = files['image.onnx']
    const pin = { sha256: createHash('sha256').update(image).digest('hex'), bytes: image.length }
    const pins = (changes: object = {}) => new Map([['image.onnx', { ...pin, ...changes }]])
    const codeOf = (options: VerifyOptions, known: object = open): Promise<string> => {
      const card = { ...cardHead, dimensions: 3, image: imageTower, files: [known] }
      return verifiedFiles(folder, parseModelCard(card, 'card.json'), options).then(
        (verified) => {
          expect(verified.get('image.onnx')).toMatchObject({ ...pin, content: image })
          return 'verified'
        },
        (error: unknown) => (AssayError.isInstance(error) ? error.code : 'no AssayError'),
      )
    }

    it('is refused without a pin, before anything is read', async () => {
      rmSync(join(folder, 'image.onnx'))
      expect(await codeOf({})).toBe('MODEL_NOT_PINNED')
    })

    it('passes with the right pin, or where the caller allows it', async () => {
      expect(await codeOf({ pins: pins() })).toBe('verified')
      expect(await codeOf({ unpinned: 'allow' })).toBe('verified')
    })

    it('is refused where it is not what the pin says, whatever is allowed', async () => {
      for (const changes of [{ sha256: '0'.repeat(64) }, { bytes: 1 }]) {
        const options = { pins: pins(changes), unpinned: 'allow' } as const
        expect(await codeOf(options)).toBe('MODEL_HASH_MISMATCH')
      }
    })

    it('is refused where pin and card contradict each other', async () => {
      const known = { ...open, ...pin, reason: null }
      expect(await codeOf({ pins: pins() }, known)).toBe('verified')
      for (const changes of [{ sha256: '0'.repeat(64) }, { bytes: 1 }]) {
        expect(await codeOf({ pins: pins(changes) }, known)).toBe('MODEL_HASH_MISMATCH')
      }
    })
  })

  it('a file that no tower uses is hashed without being held', async () => {
    const verified = await verifiedFiles(folder, await loadModelCard(folder))
    const { content, bytes: size, sha256 } = verified.get('other.onnx') as VerifiedFile
    expect(content).toBeNull()
    expect(size).toBe(5000)
    expect(sha256).toBe(createHash('sha256').update(files['other.onnx']).digest('hex'))
  })

  it('the files of the test are what the card was written for', () => {
    expect(new Uint8Array(readFileSync(join(folder, 'image.onnx')))).toEqual(files['image.onnx'])
  })
})

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Calibration } from '../calibration/calibration.js'
import { readCalibration, writeCalibration } from './calibration-file.js'

const calibration: Calibration = {
  specificationVersion: 1,
  inverseTemperature: 46.59163248767825,
  bias: -0.06497458466463936,
  fingerprint: 'attribution-head:abc/synthetic',
  fittedOn: {
    queries: 1024,
    exemplars: 1024,
    candidates: 301,
    loss: 0.22415431848979214,
    steps: 6,
    converged: true,
    atBounds: ['bias'],
  },
}

describe('calibration files', () => {
  let folder: string
  let path: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-calibration-'))
    path = join(folder, 'calibration.json')
  })
  afterAll(() => rm(folder, { recursive: true }))

  const writeDocument = async (change: object) => {
    await writeCalibration(path, calibration)
    const document = JSON.parse(await readFile(path, 'utf8')) as object
    await writeFile(path, JSON.stringify({ ...document, ...change }))
  }

  it.each([[calibration], [{ ...calibration, fingerprint: null, fittedOn: null }]])(
    'give back what was written, to the last bit',
    async (written) => {
      await writeCalibration(path, written)
      expect(await readCalibration(path)).toEqual(written)
    },
  )

  it('are refused wherever they are cut', async () => {
    await writeCalibration(path, calibration)
    const text = await readFile(path, 'utf8')
    for (let length = 0; length < text.trimEnd().length; length += 7) {
      await writeFile(path, text.slice(0, length))
      await expect(readCalibration(path)).rejects.toMatchObject({ code: 'MALFORMED_JSON' })
    }
  })

  it.each([
    ['a bias of -1', { bias: -1 }, 'INVALID_ARGUMENT'],
    ['an inverse temperature of 0', { inverseTemperature: 0 }, 'INVALID_ARGUMENT'],
    ['a bias that is text', { bias: '-0.1' }, 'MALFORMED_METADATA'],
    ['an unknown key', { biass: -0.1 }, 'MALFORMED_METADATA'],
    ['no provenance', { fittedOn: undefined }, 'MALFORMED_METADATA'],
    ['a broken provenance', { fittedOn: { queries: -1 } }, 'MALFORMED_METADATA'],
    ['another format', { format: 'assay.head' }, 'MALFORMED_METADATA'],
    ['a later version', { specificationVersion: 2, more: true }, 'UNSUPPORTED_FORMAT'],
  ])('are refused for %s', async (_, change, code) => {
    await writeDocument(change)
    await expect(readCalibration(path)).rejects.toMatchObject({ code })
  })

  it('are not written where they could not be applied', async () => {
    const target = join(folder, 'never.json')
    await expect(writeCalibration(target, { ...calibration, bias: -2 })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
    await expect(readCalibration(target)).rejects.toMatchObject({ code: 'FILE_MISSING' })
  })
})

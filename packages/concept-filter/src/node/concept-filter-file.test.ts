import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMatrix } from '@assay/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createConceptFilter } from '../filter/create-concept-filter.js'
import { createConceptPair } from '../pairs/create-concept-pair.js'
import { readConceptFilter, writeConceptFilter } from './concept-filter-file.js'

const side = (vector: readonly number[]) => ({
  prompts: ['prompt'],
  embeddings: createMatrix({ data: [vector], fingerprint: 'abc' }),
})

const filter = createConceptFilter({
  pairs: [
    createConceptPair({
      id: 'snoopy',
      unacceptable: side([0.3, 0.1, 0.7]),
      acceptable: side([0.2, 0.9, 0.4]),
      relation: 'subset',
      threshold: { margin: Number.POSITIVE_INFINITY },
    }),
  ],
})

describe('files of filters', () => {
  let folder: string
  let path: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-concept-filter-'))
    path = join(folder, 'filter.json')
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('are written, read and written again with the same bytes', async () => {
    await writeConceptFilter(path, filter)
    const bytes = await readFile(path)
    const read = await readConceptFilter(path, { encoder: { id: 'any', fingerprint: 'abc' } })
    expect(read.pairs).toEqual(filter.pairs)
    await writeConceptFilter(path, read)
    expect(await readFile(path)).toEqual(bytes)
  })

  it('of another encoder are refused, with their name', async () => {
    await writeConceptFilter(path, filter)
    await expect(
      readConceptFilter(path, { encoder: { id: 'other', fingerprint: 'xyz' } }),
    ).rejects.toMatchObject({
      code: 'FINGERPRINT_MISMATCH',
      message: expect.stringContaining(path),
    })
  })

  it('are refused wherever they are cut, and where there are none', async () => {
    await writeConceptFilter(path, filter)
    const text = (await readFile(path, 'utf8')).trimEnd()
    for (let length = 0; length < text.length; length += 29) {
      await writeFile(path, text.slice(0, length))
      await expect(readConceptFilter(path)).rejects.toMatchObject({ code: 'MALFORMED_JSON' })
    }
    await expect(readConceptFilter(join(folder, 'none.json'))).rejects.toMatchObject({
      code: 'FILE_MISSING',
    })
  })
})

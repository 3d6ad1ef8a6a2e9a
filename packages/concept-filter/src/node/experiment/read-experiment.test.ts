import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { conceptFilter } from '@assay/tiny-world'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readFilterExperiment } from './read-experiment.js'

let folder = ''
beforeAll(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'assay-experiment-')), 'set')
})
afterAll(() => rm(join(folder, '..'), { recursive: true }))

describe('readFilterExperiment', () => {
  it('reads the built-in experiment: every picture has an embedding, held-out ones two', async () => {
    const { pairs, pictures, replacement, ...encoders } = await readFilterExperiment(conceptFilter)
    expect(pairs.map(({ id }) => id)).toEqual([
      ...['sad-face', 'wilted-flower', 'red-apple', 'tiger', 'police-car'],
    ])
    const filterIds = new Set(encoders.filterEncoder.embeddings.ids)
    const judgeIds = new Set(encoders.judgeEncoder.embeddings.ids)
    expect(filterIds.has(replacement) && judgeIds.has(replacement)).toBe(true)
    const seeds = new Set<number>()
    for (const { split, pictures: own } of pictures) {
      for (const { seed } of own) {
        seeds.add(seed)
        expect(filterIds.has(String(seed))).toBe(true)
        expect(judgeIds.has(String(seed))).toBe(split !== 'tuning')
      }
    }
    expect(seeds.size).toBe(pictures.flatMap((kind) => kind.pictures).length)
  })

  it('tunes on no prompt that it tests on', async () => {
    const { pictures } = await readFilterExperiment(conceptFilter)
    const prompts = (isTuning: boolean) =>
      pictures
        .filter(({ split }) => (split === 'tuning') === isTuning)
        .flatMap((kind) => kind.pictures.map(({ prompt }) => prompt))
    const tuned = new Set(prompts(true))
    expect(prompts(false).filter((prompt) => tuned.has(prompt))).toEqual([])
  })

  it.each([
    ['pictures.json', 'MALFORMED_METADATA', (text: string) => text.replace('"test"', '"exam"')],
    ['pictures.json', 'MALFORMED_JSON', (text: string) => text.slice(0, -9)],
    ['concept-filter.json', 'MALFORMED_METADATA', (text: string) => text.replace('"subset"', '1')],
    [
      'concept-filter.json',
      'MALFORMED_METADATA',
      (text: string) => text.replace('"tiny-clip.safetensors"', '"../tiny-clip.safetensors"'),
    ],
  ])('refuses %s that is not as it should be: %s', async (file, code, change) => {
    await cp(conceptFilter, folder, { recursive: true })
    const path = join(folder, file)
    await writeFile(path, change(await readFile(path, 'utf8')))
    await expect(readFilterExperiment(folder)).rejects.toMatchObject({ code })
  })

  it('says which file is not there', async () => {
    await expect(readFilterExperiment(join(folder, 'none'))).rejects.toMatchObject({
      code: 'FILE_MISSING',
    })
  })
})

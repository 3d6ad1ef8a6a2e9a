import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { expectNear } from '../../gradients/__fixtures__/gradient-sets.js'
import { trakScores } from '../../gradients/trak-scores.js'
import { temporaryFiles } from '../features/feature-files.test.helper.js'
import oracle from './gradient-files.oracle.json' with { type: 'json' }
import { writeForeignFiles } from './gradient-files.test.helper.js'
import { openTrakFolder } from './open-trak-folder.js'
import { readScoreMatrix } from './read-score-matrix.js'

const { path, written } = temporaryFiles()
const { lambda } = oracle.trak

describe('openTrakFolder', () => {
  it('opens all finished models, whose scores are those of the textbook', async () => {
    writeForeignFiles(written, 'trak')
    const folder = await openTrakFolder(path('trak'))
    expect(folder).toMatchObject({ experiment: 'val', experiments: ['val'], unfinished: [2] })
    expect(folder.models.map(({ id }) => id)).toEqual(['0', '10'])
    expect(folder.models[0]?.train.projection).toMatchObject({
      dimension: 5,
      type: 'rademacher',
      seed: null,
    })
    const { scores } = await trakScores({ models: folder.models, lambda })
    expectNear(scores.data, oracle.trak.scores.flat(), 1e-13)
    // What a program would have written itself, in float16 and a row a training picture.
    const theirs = await readScoreMatrix(folder.scores, { rowsAre: 'train' })
    expect([theirs.rows, theirs.columns]).toEqual([3, 12])
    expectNear(theirs.data, scores.data, 1e-3)
    await folder.close()
  })

  it('opens the models and the experiment that are asked for', async () => {
    writeForeignFiles(written, 'trak')
    const folder = await openTrakFolder(path('trak'), { models: [10], experiment: 'val' })
    const { scores } = await trakScores({ models: folder.models, lambda })
    expectNear(scores.data, oracle.trak.ofModel10.flat(), 1e-13)
    await folder.close()
    const fails = (options: object) => expect(openTrakFolder(path('trak'), options)).rejects
    await fails({ models: [2] }).toMatchObject({ code: 'INVALID_ARGUMENT' })
    await fails({ models: [0, 99] }).toMatchObject({ code: 'INVALID_ARGUMENT' })
    await fails({ experiment: 'test' }).toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it.each([
    ['metadata.json', '{"JL dimension":5}', 'MALFORMED_METADATA'],
    ['metadata.json', '[]', 'MALFORMED_METADATA'],
    ['metadata.json', '{"JL dimension":6,"train set size":12}', 'SHAPE_MISMATCH'],
    ['metadata.json', '{"JL dimension":5,"train set size":11}', 'SHAPE_MISMATCH'],
    ['metadata.json', '{', 'MALFORMED_JSON'],
    ['experiments.json', '{}', 'INVALID_ARGUMENT'],
    ['experiments.json', '{"a":{},"b":{}}', 'INVALID_ARGUMENT'],
    ['id_0.json', '{"0":1}', 'MALFORMED_METADATA'],
    ['0/grads.mmap', '', 'MALFORMED_MATRIX_FILE'],
  ])('refuses a folder whose %s is %s', async (name, content, code) => {
    writeForeignFiles(written, 'trak')
    written(`trak/${name}`, content)
    await expect(openTrakFolder(path('trak'))).rejects.toMatchObject({ code })
  })

  it('refuses a folder with a file missing, or without a finished model', async () => {
    for (const name of [
      'metadata.json',
      '0/grads.mmap',
      '0/out_to_loss.mmap',
      '10/val_grads.mmap',
    ]) {
      writeForeignFiles(written, 'trak')
      rmSync(path('trak', name))
      const failing = openTrakFolder(path('trak'))
      await expect(failing, name).rejects.toMatchObject({ code: 'FILE_MISSING' })
    }
    writeForeignFiles(written, 'trak')
    for (const id of [0, 10]) rmSync(path('trak', `id_${id}.json`))
    await expect(openTrakFolder(path('trak'))).rejects.toMatchObject({ code: 'EMPTY_INPUT' })
  })

  it('finds a cut at every byte of a file of gradients', async () => {
    writeForeignFiles(written, 'trak')
    const whole = Buffer.from(oracle.files['trak/0/grads.mmap'], 'base64')
    for (let cut = 0; cut < whole.length; cut++) {
      written('trak/0/grads.mmap', whole.subarray(0, cut))
      const failing = openTrakFolder(path('trak'))
      await expect(failing, `cut at ${cut}`).rejects.toMatchObject({
        code: expect.stringMatching(/^MALFORMED/),
      })
    }
  })
})

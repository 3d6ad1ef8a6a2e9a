import { describe, expect, it } from 'vitest'
import { temporaryFiles } from './features/feature-files.test.helper.js'
import { readTunedModels } from './read-tuned-models.js'

const { path, written } = temporaryFiles()

const outcomeOf = (content: unknown) =>
  readTunedModels(written('test_object.json', JSON.stringify(content))).catch(
    (error: unknown) => error,
  )

describe('readTunedModels', () => {
  it('reads models with and without a name, in the split that the file is called', async () => {
    const synth = { gpt: ['s/1', 's/2'], media: ['s/3'] }
    const list = [
      { model: 'one', exemplar: ['e/1'], synth, class_id: 'n01', category: 'bird' },
      { exemplar: ['e/2', 'e/3'], synth: { gpt: ['s/4'] }, class_id: 'n02', category: null },
    ]
    expect(await outcomeOf(list)).toEqual([
      { id: 'one', exemplars: ['e/1'], queries: synth, split: 'test_object' },
      {
        id: 'test_object/1',
        exemplars: ['e/2', 'e/3'],
        queries: { gpt: ['s/4'] },
        split: 'test_object',
      },
    ])
  })

  it.each([
    ['no list', { exemplar: [] }, undefined],
    ['an empty list', [], undefined],
    ['a model that is no object', ['x'], 0],
    ['a name that is no text', [{ model: 1, exemplar: ['e'], synth: { a: ['s'] } }], 0],
    ['exemplars that are no list', [{ exemplar: 'e', synth: { a: ['s'] } }], 0],
    ['no pictures', [{ exemplar: ['e'], synth: {} }], 0],
    ['pictures that are no list', [{ exemplar: ['e'], synth: { a: 's' } }], 0],
  ])('refuses %s', async (_, content, row) => {
    expect(await outcomeOf(content)).toMatchObject({
      code: 'MALFORMED_METADATA',
      location: { file: path('test_object.json'), ...(row !== undefined && { row }) },
    })
  })

  it('refuses a name that stands twice', async () => {
    const model = { model: 'one', exemplar: ['e'], synth: { a: ['s'] } }
    expect(await outcomeOf([model, model])).toMatchObject({
      code: 'DUPLICATE_ID',
      location: { row: 1, id: 'one' },
    })
  })
})

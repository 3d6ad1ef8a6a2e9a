import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AssayError, type ItemFailure } from '@assay/core'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { type CardJson, cardHead, fileEntries, imageTower } from '../__fixtures__/model-folder.js'
import { listModels } from './list-models.js'
import { loadModelCard } from './load-model-card.js'
import { parseModelCard } from './parse-model-card.js'

const tinyClip = fileURLToPath(new URL('../../../../models/tiny-world/tiny-clip/', import.meta.url))
const files = { 'image.onnx': Buffer.from('graph') }
const valid: CardJson = {
  ...cardHead,
  dimensions: 3,
  files: fileEntries(files),
  image: imageTower,
}

const folders: string[] = []
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-card-'))
  folders.push(folder)
})
afterAll(() => {
  for (const each of folders) rmSync(each, { recursive: true })
})

const refusal = (card: unknown): AssayError => {
  try {
    parseModelCard(card, 'card.json')
  } catch (error) {
    if (AssayError.isInstance(error)) return error
  }
  throw new Error('the card was not refused')
}

describe('a model card', () => {
  it('has null for what it does not tell', () => {
    expect(parseModelCard(valid, 'card.json')).toMatchObject({
      attribution: null,
      text: null,
      logitScale: null,
      nearDuplicate: null,
      quality: [],
      image: { preprocessing: { shortestSide: null } },
    })
    const nulls = { text: null, logitScale: null, nearDuplicate: null, quality: null }
    expect(parseModelCard({ ...valid, ...nulls }, 'card.json').quality).toEqual([])
  })

  it('may leave the size or hash of a file open, with a reason', () => {
    const [file] = fileEntries(files)
    const open = { path: 'image.onnx', bytes: null, sha256: null, reason: 'no network' }
    expect(parseModelCard({ ...valid, files: [open] }, '').files).toEqual([open])
    const half = { ...file, sha256: null, reason: 'only its size is known' }
    expect(parseModelCard({ ...valid, files: [half] }, '').files).toEqual([half])
    for (const wrong of [
      { ...open, reason: null },
      { ...file, reason: 'none is needed' },
    ]) {
      expect(refusal({ ...valid, files: [wrong] }).message).toContain('files.0.reason')
    }
  })

  it('says where its files come from', () => {
    const repository = { hub: 'huggingface', id: 'owner/name', revision: 'main', folder: 'onnx' }
    expect(parseModelCard({ ...valid, repository }, '').repository).toEqual(repository)
    const whole = { ...repository, folder: undefined }
    expect(parseModelCard({ ...valid, repository: whole }, '').repository?.folder).toBeNull()
    for (const wrong of [
      { id: 'name' },
      { id: 'owner/name/more' },
      { id: '../name' },
      { id: 'owner/..' },
      { revision: 'a/../b' },
      { folder: '../onnx' },
      { hub: 'elsewhere' },
    ]) {
      const [key] = Object.keys(wrong)
      const changed = { ...repository, ...wrong }
      expect(refusal({ ...valid, repository: changed }).message).toContain(`repository.${key}`)
    }
    const conversion = { recipe: 'export/sscd.py', weights: 'elsewhere', reason: 'unpublished' }
    expect(parseModelCard({ ...valid, conversion }, '').conversion).toEqual(conversion)
    expect(refusal({ ...valid, repository, conversion }).message).toContain('names both')
  })

  it('refuses an unknown key and says what was meant', () => {
    const error = refusal({ ...valid, license: 'MIT' })
    expect(error.code).toBe('MODEL_CARD_INVALID')
    expect(error.message).toBe('The model card card.json is wrong: "license" is no key of a card.')
    expect(error.remedy).toBe('Did you mean "licence"?')
    const preprocessing = { ...imageTower.preprocessing, heigth: 8 }
    const nested = refusal({ ...valid, image: { ...imageTower, preprocessing } })
    expect(nested.message).toContain('"heigth" in image.preprocessing')
    expect(nested.remedy).toBe('Did you mean "height"?')
    expect(refusal({ ...valid, somethingElse: 1 }).remedy).toBe('Remove it.')
  })

  it('names the place of a wrong value', () => {
    expect(refusal({ ...valid, dimensions: 0 }).message).toContain('wrong: dimensions:')
    const [file] = fileEntries(files)
    expect(refusal({ ...valid, files: [{ ...file, sha256: 'abc' }] }).message).toContain(
      'files.0.sha256: must be 64 lower-case hexadecimal digits',
    )
    expect(refusal('a card').message).toContain('the whole')
    expect(refusal({ ...valid, schemaVersion: 2 }).message).toContain('schemaVersion')
  })

  it.each([
    '../image.onnx',
    'a/../../image.onnx',
    '/etc/passwd',
    'C:/image.onnx',
    'a\\..\\image.onnx',
    'a//image.onnx',
    './image.onnx',
    'image.onnx\0.txt',
    '',
  ])('refuses a path that leaves its folder or is not plain: %j', (path) => {
    const escaping = [{ ...fileEntries(files)[0], path }]
    expect(refusal({ ...valid, files: escaping }).message).toContain('files.0.path')
    const image = { ...imageTower, model: path }
    expect(refusal({ ...valid, image }).message).toContain('image.model')
  })

  it.each([
    ['describes neither', { image: null }],
    ['files names image.onnx twice', { files: [...fileEntries(files), ...fileEntries(files)] }],
    ['image.model is other.onnx', { image: { ...imageTower, model: 'other.onnx' } }],
    ['image.output has the shape [batch, 3] instead of [batch, 4]', { dimensions: 4 }],
    [
      'image.input has the shape [2, 3, 8, 8]',
      { image: { ...imageTower, input: { ...imageTower.input, shape: [2, 3, 8, 8] } } },
    ],
    [
      'belongs to the resize rule',
      { image: { ...imageTower, preprocessing: { ...imageTower.preprocessing, shortestSide: 9 } } },
    ],
  ])('refuses parts that contradict each other: %s', (reason, changes) => {
    expect(refusal({ ...valid, ...changes }).message).toContain(reason)
  })

  it.each([
    ['data outside of its folder', { data: ['image.onnx_data'] }, 'is not in the folder of onnx/'],
    ['data that files does not name', { data: ['onnx/other'] }, 'image.data is onnx/other'],
    [
      'pooling of an output without rows',
      { pooling: 'cls' },
      '[batch, 3] instead of [batch, 3, 3]',
    ],
  ])('refuses a tower with %s', (_, changes, reason) => {
    const external = { 'onnx/image.onnx': Buffer.from('graph'), 'image.onnx_data': Buffer.from('') }
    const image = { ...imageTower, model: 'onnx/image.onnx', ...changes }
    expect(refusal({ ...valid, files: fileEntries(external), image }).message).toContain(reason)
  })

  it('takes an output with a row a token where it says how to pool it', () => {
    const output = { ...imageTower.output, shape: ['batch', 'tokens', 3] }
    const image = { ...imageTower, output, pooling: 'mean' }
    expect(parseModelCard({ ...valid, image }, '').image?.pooling).toBe('mean')
    expect(parseModelCard(valid, '').image).toMatchObject({ pooling: 'none', data: [] })
  })

  it('refuses a tokenizer that files does not name, and a context of another length', () => {
    const text = {
      model: 'image.onnx',
      input: { name: 'input_ids', type: 'int64', shape: ['batch', 77] },
      output: { name: 'vector', type: 'float32', shape: ['batch', 3] },
      tokenizer: { path: 'tokenizer.json', config: 'image.onnx', contextLength: 20, padTokenId: 0 },
    }
    expect(refusal({ ...valid, text }).message).toContain('text.tokenizer.path is tokenizer.json')
    const tokenizer = { ...text.tokenizer, path: 'image.onnx' }
    expect(refusal({ ...valid, text: { ...text, tokenizer } }).message).toContain(
      'text.input has the shape [batch, 77] instead of [batch, 20]',
    )
    const sentencePiece = { canonicalize: true, endTokenId: 1 }
    const both = { ...tokenizer, contextLength: 77, sentencePiece }
    expect(refusal({ ...valid, text: { ...text, tokenizer: both } }).message).toContain(
      'has both `config` and `sentencePiece`',
    )
    const alone = { ...both, config: null }
    const parsed = parseModelCard({ ...valid, text: { ...text, tokenizer: alone } }, '')
    expect(parsed.text).toMatchObject({ otherInputs: [], tokenizer: { sentencePiece } })
  })

  it('of the built-in model is valid', async () => {
    const card = await loadModelCard(tinyClip)
    expect(card).toMatchObject({ id: 'assay/tiny-clip', dimensions: 192 })
  })
})

describe('loadModelCard', () => {
  const failure = () => loadModelCard(folder).catch((error: unknown) => error)

  it('says that there is no card', async () => {
    expect(await failure()).toMatchObject({
      code: 'MODEL_FILE_MISSING',
      location: { file: join(folder, 'card.json') },
    })
  })

  it.each([
    ['no JSON', '{"id": '],
    ['a repeated key', '{"id": "a", "id": "b"}'],
    ['a prototype', '{"__proto__": {"id": "a"}}'],
    ['deep nesting', '['.repeat(10_000)],
    ['more than a card', JSON.stringify({ ...valid, title: 'a'.repeat(2 ** 20) })],
  ])('refuses %s', async (_, content) => {
    writeFileSync(join(folder, 'card.json'), content)
    expect(await failure()).toMatchObject({ code: 'MODEL_CARD_INVALID' })
    expect({}).not.toHaveProperty('id')
  })
})

describe('listModels', () => {
  const install = (path: string, card: unknown) => {
    mkdirSync(join(folder, path), { recursive: true })
    writeFileSync(join(folder, path, 'card.json'), JSON.stringify(card))
  }

  it('finds cards in a folder and below it, by name', async () => {
    install('b/two', { ...valid, id: 'b/two' })
    install('b/one', { ...valid, id: 'b/one' })
    install('a', { ...valid, id: 'a' })
    const models = await listModels([folder, join(folder, 'absent'), tinyClip])
    expect(models.map(({ card }) => card.id)).toEqual(['a', 'b/one', 'b/two', 'assay/tiny-clip'])
    expect(models[1]?.folder).toBe(join(folder, 'b', 'one'))
  })

  it('throws a wrong card, or tells of it and goes on', async () => {
    install('broken', { ...valid, licence: 3 })
    install('fine', valid)
    await expect(listModels([folder])).rejects.toMatchObject({ code: 'MODEL_CARD_INVALID' })
    const failures: ItemFailure[] = []
    const models = await listModels([folder], { onInvalid: (failure) => failures.push(failure) })
    expect(models).toHaveLength(1)
    expect(failures).toMatchObject([{ id: join(folder, 'broken'), code: 'MODEL_CARD_INVALID' }])
  })
})

describe('the README', () => {
  it('shows every key of a card', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    for (const key of Object.keys(parseModelCard(valid, ''))) expect(readme).toContain(`"${key}"`)
  })
})

import { describe, expect, it } from 'vitest'
import type { EmbeddingBatch, ImageEncoder, TextEncoder } from '../../contracts/encoder.js'
import { AssayError } from '../../errors/assay-error.js'
import { itemFailure } from '../../errors/item-failure.js'
import { createMatrix } from '../../matrix/create-matrix.js'
import type { Matrix } from '../../matrix/matrix.js'
import { normalizeRows } from '../../matrix/normalize-rows.js'
import { selectRows } from '../../matrix/select-rows.js'
import { checkEncoder, encoderConformance } from './encoder-conformance.js'

interface Text {
  readonly id: string
  readonly text: string
}

const tooLong = new AssayError({ code: 'LIMIT_EXCEEDED', message: 'Too long.', remedy: 'Cut it.' })

/** Counts vowels; a text of more than ten characters fails. */
async function embedTexts(texts: readonly Text[], options: { signal?: AbortSignal } = {}) {
  if (options.signal?.aborted) throw new AssayError({ code: 'ABORTED', message: '.', remedy: '.' })
  const good = texts.filter(({ text }) => text.length <= 10)
  const counts = ({ text }: Text) => [...'aeiou'].map((vowel) => text.split(vowel).length)
  const embeddings = createMatrix({
    data: good.map(counts),
    columns: 5,
    ids: good.map(({ id }) => id),
    fingerprint: 'vowels-1',
  })
  const failures = texts
    .filter((text) => !good.includes(text))
    .map(({ id }) => itemFailure(id, 'tokenize', tooLong))
  return { embeddings: normalizeRows(embeddings), failures }
}

const encoder: TextEncoder = {
  specificationVersion: 1,
  id: 'vowels',
  dimensions: 5,
  space: 'vowels',
  fingerprint: 'vowels-1',
  embedTexts,
}

const textItems = ['fox', 'brown', 'queue', 'jumps'].map((text) => ({ id: `id-${text}`, text }))
const broken = [{ id: 'long', text: 'over the lazy dog' }]
const subject = { encoder, items: textItems, broken }

describe('an honest text encoder', () => {
  for (const { name, run } of encoderConformance(subject)) it(name, run)

  it('passes as a whole, also without broken items', async () => {
    await checkEncoder(subject)
    await checkEncoder({ encoder, items: textItems })
  })
})

describe('an honest image encoder', () => {
  const imageEncoder: ImageEncoder = {
    ...encoder,
    embedImages: (images, options) =>
      embedTexts(
        images.map(({ id, source }) => ({ id, text: String(source) })),
        options,
      ),
  }
  const images = textItems.map(({ id, text }) => ({ id, source: text }))

  it('passes', () => checkEncoder({ encoder: imageEncoder, items: images }))
})

type Change = (batch: EmbeddingBatch, texts: readonly Text[]) => EmbeddingBatch

const changing = (change: Change): Partial<TextEncoder> => ({
  embedTexts: async (texts, options) => change(await embedTexts(texts, options), texts),
})

const changingMatrix = (change: (matrix: Matrix, texts: readonly Text[]) => Matrix) =>
  changing((batch, texts) => ({ ...batch, embeddings: change(batch.embeddings, texts) }))

const changingValues = (change: (value: number, at: number, texts: readonly Text[]) => number) =>
  changingMatrix((matrix, texts) => ({
    ...matrix,
    data: matrix.data.map((value, at) => change(value, at, texts)),
  }))

let calls = 0

const breaks: Record<string, readonly [demand: string, change: Partial<TextEncoder>]> = {
  'a specification of the future': ['says what it is', { specificationVersion: 2 as 1 }],
  'no dimensions': ['says what it is', { dimensions: 0 }],
  'an empty space': ['says what it is', { space: '' }],
  'an empty fingerprint': ['says what it is', { fingerprint: ' ' }],
  'another number of columns': ['gives one finite row', { dimensions: 6 }],
  'a lost fingerprint': [
    'gives one finite row',
    changingMatrix((matrix) => ({ ...matrix, fingerprint: null })),
  ],
  'lost ids': ['gives one finite row', changingMatrix((matrix) => ({ ...matrix, ids: null }))],
  'rows out of order': [
    'gives one finite row',
    changingMatrix((matrix) => selectRows(matrix, [...Array(matrix.rows).keys()].reverse())),
  ],
  'a lost row': [
    'gives one finite row',
    changingMatrix((matrix) => selectRows(matrix, [...Array(matrix.rows).keys()].slice(1))),
  ],
  'values that are NaN': ['gives one finite row', changingValues(() => Number.NaN)],
  'rows of another length than they say': ['unit length', changingValues((value) => value * 1.01)],
  'rows of zeros': [
    'unit length',
    changingMatrix((matrix) => ({ ...matrix, data: matrix.data.map(() => 0), normalized: false })),
  ],
  'the same row for all': ['different rows', changingValues(() => Math.sqrt(1 / 5))],
  'values that wander': [
    'the same rows again',
    changingValues((value) => {
      calls += 1
      return value + (calls % 1000) * 1e-7
    }),
  ],
  'values that depend on the batch': [
    'in any batch',
    changingValues((value, _, texts) => value + (texts.length > 1 ? 1e-3 : 0)),
  ],
  'values that depend on the place': [
    'in any batch',
    changingValues((value, at) => value + (at < 5 ? 1e-3 : 0)),
  ],
  'a row for nothing': [
    'no rows for no items',
    changingMatrix((matrix) =>
      matrix.rows > 0 ? matrix : createMatrix({ data: [[1, 0, 0, 0, 0]], fingerprint: 'vowels-1' }),
    ),
  ],
  'a failure that is not told': [
    'failures as values',
    changing((batch) => ({ ...batch, failures: [] })),
  ],
  'a failure without a message': [
    'failures as values',
    changing((batch) => ({
      ...batch,
      failures: batch.failures.map((failure) => ({ ...failure, message: '' })),
    })),
  ],
  'a failure of another item': [
    'failures as values',
    changing((batch) => ({
      ...batch,
      failures: batch.failures.map((failure) => ({ ...failure, id: 'id-fox' })),
    })),
  ],
  'a failure that is thrown': [
    'failures as values',
    changing((batch) => {
      if (batch.failures.length > 0) throw tooLong
      return batch
    }),
  ],
  'a failure that takes the rest with it': [
    'failures as values',
    changing((batch) =>
      batch.failures.length > 0
        ? { ...batch, embeddings: selectRows(batch.embeddings, [0]) }
        : batch,
    ),
  ],
  'a failure of a good item': [
    'gives one finite row',
    changing((batch) => ({ ...batch, failures: [itemFailure('id-fox', 'tokenize', tooLong)] })),
  ],
  'a signal that is not heard': [
    'stops when the signal',
    { embedTexts: (texts) => embedTexts(texts) },
  ],
}

describe('checkEncoder', () => {
  it.each(Object.entries(breaks))('catches %s', async (_, [demand, change]) => {
    const failed = await checkEncoder({ ...subject, encoder: { ...encoder, ...change } }).catch(
      (error: unknown) => error,
    )
    expect(failed).toMatchObject({
      code: 'CONFORMANCE_FAILED',
      value: expect.arrayContaining([expect.stringContaining(demand)]),
    })
  })

  it('asks for enough items to tell anything', () => {
    expect(() => encoderConformance({ encoder, items: textItems.slice(0, 2) })).toThrow(
      expect.objectContaining({ code: 'CONFORMANCE_FAILED' }),
    )
  })
})

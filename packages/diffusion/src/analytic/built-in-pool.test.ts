import { join } from 'node:path'
import { cosineSimilarity } from '@assay/core/linear-algebra'
import { openEncoder } from '@assay/embed'
import { openMatrixFile } from '@assay/store'
import { createEngine } from '@assay/tensor'
import { pool, tinyClip } from '@assay/tiny-world'
import { afterAll, describe, expect, it } from 'vitest'
import { drawn } from './__fixtures__/drawn.js'
import {
  card,
  fileHash,
  header,
  openPoolBank,
  type PoolRow,
  prompts,
  rows,
  sha256Of,
  totalBytes,
} from './__fixtures__/pool-set.js'
import { captionWords } from './caption-words.js'
import { createComposer } from './create-composer.js'

const engine = createEngine({ threads: 1 })
const encoder = await openEncoder({ folder: tinyClip, engine })
const matrixFile = await openMatrixFile(join(pool, 'embeddings.safetensors'))
afterAll(async () => {
  await matrixFile.close()
  await encoder.close()
  await engine.close()
})
const { text, image } = encoder
if (text === null || image === null) throw new TypeError('the tiny CLIP lacks a tower')
const embeddings = await matrixFile.read()
const vectorOf = (row: number): Float32Array =>
  embeddings.data.subarray(row * embeddings.columns, (row + 1) * embeddings.columns)
const shareOf = (of: readonly PoolRow[], holds: (row: PoolRow) => boolean): number =>
  of.filter(holds).length / of.length

const { byKind, nearCopyCosine, distinctPictures } = card.measured
const withGround = rows.filter(({ asked }) => asked.ground !== null && asked.style === null)

describe('the pool', () => {
  it('is the files that its card names, in 10 MB', () => {
    for (const [file, hash] of Object.entries(card.files)) expect(fileHash(file)).toBe(hash)
    expect(totalBytes()).toBeLessThanOrEqual(10e6)
  })

  it('holds 20,000 pictures and more, each with noise of its own', () => {
    expect(rows.length).toBeGreaterThanOrEqual(20_000)
    expect([rows.length, prompts.length]).toEqual([card.pictures, card.prompts])
    expect(rows.map(({ seed }) => seed)).toEqual(Array.from(rows, (_, at) => at + 1))
    expect(rows.every(({ asked }) => asked !== undefined)).toBe(true)
    expect(new Set(rows.map(({ pixels }) => pixels)).size).toBe(distinctPictures)
    expect(distinctPictures).toBeGreaterThan(0.99 * rows.length)
  })

  it('says in every prompt what its attributes say, and nothing else', () => {
    expect(new Set(prompts.map(({ prompt }) => prompt)).size).toBe(prompts.length)
    expect(new Set(prompts.map(({ concept }) => concept)).size).toBe(card.concepts)
    for (const { prompt, concept, ground, style } of prompts) {
      const wanted = captionWords([concept, ground, style].join(' ').replace(/ +/g, ' '))
      expect(captionWords(prompt), prompt).toEqual(wanted)
    }
  })

  it('tells of each picture what it is, in the values of its grid', () => {
    expect(header).toBe(
      'seed,ground,groundShare,style,styleShare,drawing,drawingShare,copyCosine,pixels',
    )
    const isShare = (share: number) => share >= 0 && share <= 1
    const wrong = rows.filter(
      ({ ground, groundShare, style, styleShare, drawing, drawingShare }) =>
        !(ground in card.grounds && card.styles.includes(style)) ||
        !/^[a-z]+\/[a-z0-9-]+$/.test(drawing) ||
        ![groundShare, styleShare, drawingShare].every(isShare) ||
        drawingShare > styleShare + 1e-3,
    )
    expect(wrong).toEqual([])
  })

  it('holds unit embeddings of the tiny CLIP, one a seed', () => {
    expect([matrixFile.normalized, matrixFile.type]).toEqual([true, 'float16'])
    expect(matrixFile.fingerprint).toBe(image.fingerprint)
    expect(matrixFile.fingerprint).toBe(card.encoder.fingerprint)
    expect(embeddings.ids).toEqual(rows.map(({ seed }) => String(seed)))
    expect(embeddings.data.every(Number.isFinite)).toBe(true)
  })

  it('obeys grounds and styles, as its card says', () => {
    const styled = rows.filter(({ asked }) => asked.style !== null)
    const ground = shareOf(withGround, (row) => row.ground === row.asked.ground)
    const style = shareOf(styled, (row) => row.style === row.asked.style)
    expect(ground).toBeCloseTo(byKind.ground.groundObeyed?.share ?? Number.NaN, 3)
    expect(style).toBeCloseTo(byKind['ground and style'].styleObeyed?.share ?? Number.NaN, 3)
    expect(ground).toBeGreaterThan(0.98)
    expect(style).toBeGreaterThan(0.98)
  })

  it('has as many near copies as its card says', () => {
    const copies = shareOf(withGround, ({ copyCosine }) => copyCosine >= nearCopyCosine)
    expect(Math.abs(copies - byKind.ground.nearCopies.share)).toBeLessThan(0.005)
  })

  it('is read by the tiny CLIP as its card says', async () => {
    const sample = withGround.filter((_, at) => at % 8 === 0)
    const asking = prompts.filter(({ ground, style }) => ground !== null && style === null)
    const texts = asking.map(({ prompt }) => ({ id: prompt, text: prompt }))
    const { embeddings: read } = await text.embedTexts(texts)
    const promptVector = (at: number) =>
      read.data.subarray(at * read.columns, (at + 1) * read.columns)
    const nearest = sample.map(({ seed, asked }) => {
      const scores = asking.map(({ ground }, at) =>
        ground === asked.ground
          ? cosineSimilarity(vectorOf(seed - 1), promptVector(at))
          : Number.NEGATIVE_INFINITY,
      )
      return asking[scores.indexOf(Math.max(...scores))]?.concept
    })
    const found = sample.filter(({ asked }, at) => asked.concept === nearest[at]).length
    expect(Math.abs(found / sample.length - byKind.ground.conceptRead.share)).toBeLessThan(0.05)
  })

  it('is drawn again to the bit from prompt and seed, and embedded again as it is kept', async () => {
    const bank = await openPoolBank()
    expect(bank.fingerprint).toBe(card.generator.bank)
    const composer = createComposer({ bank, steps: card.generator.steps })
    expect(composer.fingerprint).toBe(card.generator.fingerprint)
    const chosen = [1, 200, 260, 5_000, 9_999, 12_345, 17_000, rows.length]
    for (const seed of chosen) {
      const row = rows[seed - 1] as PoolRow
      const [picture] = await drawn(composer, { prompt: row.asked.prompt, seed })
      if (picture === undefined) throw new TypeError('nothing was drawn')
      expect(sha256Of(picture.image.data).slice(0, 12), row.asked.prompt).toBe(row.pixels)
      const again = await image.embedImages([{ id: 'again', source: picture.image }])
      const kept = vectorOf(seed - 1)
      for (const [at, value] of again.embeddings.data.entries()) {
        const error = Math.abs((kept[at] ?? Number.NaN) - value)
        expect(error).toBeLessThan(1e-4 + Math.abs(value) * 2 ** -10)
      }
    }
  }, 120_000)
})

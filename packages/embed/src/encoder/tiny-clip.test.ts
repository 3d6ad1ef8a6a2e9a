import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ImageEncoder, Matrix } from '@assay/core'
import { encoderConformance } from '@assay/core/testing'
import { createEngine } from '@assay/tensor'
import { afterAll, describe, expect, it } from 'vitest'
import type { PromptEncoder } from './create-text-encoder.js'
import { openEncoder } from './open-encoder.js'

/** What onnxruntime in Python makes of the same weights; see models/recipes/tiny_clip/reference.py. */
interface Reference {
  readonly images: readonly { readonly file: string; readonly embedding: readonly number[] }[]
  readonly texts: readonly {
    readonly text: string
    readonly ids: readonly number[]
    readonly embedding: readonly number[]
  }[]
}

const world = new URL('../../../../models/tiny-world/', import.meta.url)
const reference = JSON.parse(readFileSync(new URL('reference.json', world), 'utf8')) as Reference

const engine = createEngine({ threads: 2 })
const encoder = await openEncoder({ folder: fileURLToPath(new URL('tiny-clip/', world)), engine })
const image = encoder.image as ImageEncoder
const text = encoder.text as PromptEncoder
afterAll(async () => {
  await encoder.close()
  await engine.close()
})

const rowsOf = ({ data, rows, columns }: Matrix): number[][] =>
  Array.from({ length: rows }, (_, row) => [...data.subarray(row * columns, (row + 1) * columns)])

const unit = (vector: readonly number[]): number[] => {
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length)
}

const largestDifference = (one: readonly number[], other: readonly number[]): number =>
  Math.max(...one.map((value, index) => Math.abs(value - (other[index] ?? Number.NaN))))

const pictures = reference.images.map(({ file }) => ({
  id: file,
  source: fileURLToPath(new URL(file, world)),
}))
const prompts = reference.texts.map(({ text: prompt }) => ({ id: prompt, text: prompt }))

describe('the tiny CLIP', () => {
  it('gives the picture embeddings of the reference', async () => {
    const { embeddings, failures } = await image.embedImages(pictures)
    expect(failures).toEqual([])
    rowsOf(embeddings).forEach((row, index) => {
      const expected = unit(reference.images[index]?.embedding ?? [])
      expect(largestDifference(row, expected), pictures[index]?.id).toBeLessThan(1e-4)
    })
  })

  it('gives the token ids of the reference', () => {
    for (const { text: prompt, ids } of reference.texts) {
      expect(text.tokenize(prompt).tokens, prompt).toEqual(ids)
    }
    expect(prompts.some(({ text: prompt }) => text.tokenize(prompt).truncated)).toBe(true)
  })

  it('gives the prompt embeddings of the reference', async () => {
    const { embeddings, failures } = await text.embedTexts(prompts)
    expect(failures).toEqual([])
    rowsOf(embeddings).forEach((row, index) => {
      const expected = unit(reference.texts[index]?.embedding ?? [])
      expect(largestDifference(row, expected), prompts[index]?.id).toBeLessThan(1e-4)
    })
  })

  it('has pictures and prompts in one space, which may be compared', () => {
    expect(image.space).toBe(text.space)
    expect(image.fingerprint).toBe(text.fingerprint)
  })
})

// Tolerance 0: an item gets the same bits in any batch, so that a resumed run equals an unbroken one.
describe('the tiny CLIP, embedding pictures', () => {
  const broken = [{ id: 'broken', source: Buffer.from('GIF89a') }]
  const checks = encoderConformance({ encoder: image, items: pictures, broken, tolerance: 0 })
  for (const { name, run } of checks) it(name, run)
})

describe('the tiny CLIP, embedding prompts', () => {
  const broken = [{ id: 'endless', text: 'a'.repeat(100_000) }]
  const checks = encoderConformance({ encoder: text, items: prompts, broken, tolerance: 0 })
  for (const { name, run } of checks) it(name, run)
})

import { createMatrix, type TextEncoder as Encoder } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { memoryCache } from '../__fixtures__/recording-encoder.js'
import { embedPrompts } from './embed-prompts.js'

/** A prompt's vector is its length, twice; calls are recorded. */
function lengthEncoder() {
  const calls: string[][] = []
  const encoder: Encoder = {
    specificationVersion: 1,
    id: 'length',
    dimensions: 2,
    space: 'length',
    fingerprint: 'length',
    async embedTexts(texts) {
      calls.push(texts.map(({ text }) => text))
      const rows = texts.map(({ text }) => [text.length + 1, 1])
      const ids = texts.map(({ id }) => id)
      return { embeddings: createMatrix({ data: rows, columns: 2, ids }), failures: [] }
    },
  }
  return { encoder, calls }
}

describe('embedPrompts', () => {
  it('embeds each distinct prompt once, by order of first use, the prompt being the id', async () => {
    const { encoder, calls } = lengthEncoder()
    const prompts = ['b', 'aa', 'b', '', 'aa', 'b']
    const { embeddings, failures, truncated } = await embedPrompts({ encoder, prompts })
    expect(embeddings.ids).toEqual(['b', 'aa', ''])
    expect(calls).toEqual([['b', 'aa', '']])
    expect(embeddings.normalized).toBe(true)
    expect(embeddings.data[0]).toBeCloseTo(2 / Math.hypot(2, 1), 6)
    expect([failures, truncated]).toEqual([[], null])
  })

  it('caches apart from pictures, and tells which prompts were cut also when they are cached', async () => {
    const { encoder, calls } = lengthEncoder()
    const cache = memoryCache()
    const tokenize = (prompt: string) => ({ tokens: [], truncated: prompt.length > 3 })
    const work = { encoder: { ...encoder, tokenize }, prompts: ['long one', 'ab'], cache }
    const first = await embedPrompts(work)
    const second = await embedPrompts(work)
    expect(calls).toHaveLength(1)
    expect(second.fromCache).toBe(2)
    expect(second.embeddings).toEqual(first.embeddings)
    expect(second.truncated).toEqual(['long one'])
  })

  it('takes no prompts', async () => {
    const { encoder } = lengthEncoder()
    expect((await embedPrompts({ encoder, prompts: [] })).embeddings.rows).toBe(0)
  })
})

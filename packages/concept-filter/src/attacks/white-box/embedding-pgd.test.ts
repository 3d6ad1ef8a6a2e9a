import { createMatrix, createRandom } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { createConceptFilter } from '../../filter/create-concept-filter.js'
import { createConceptPair } from '../../pairs/create-concept-pair.js'
import { embeddingScore } from '../score/embedding-score.js'
import { embeddingPgd } from './embedding-pgd.js'

const random = createRandom('embedding pgd')

const normals = (length: number) => Array.from({ length }, () => random.normal())

function randomPair(id: string, columns: number, confidence = 0.5) {
  const side = () => ({ prompts: [id], embeddings: createMatrix({ data: [normals(columns)] }) })
  return createConceptPair({
    id,
    unacceptable: side(),
    acceptable: side(),
    relation: 'opposite',
    threshold: { confidence },
  })
}

const exactRadius = (filter: ReturnType<typeof createConceptFilter>, row: readonly number[]) =>
  filter.check(createMatrix({ data: [row] }))[0]?.pairs[0]?.radius.exact ?? Number.NaN

describe('embedding PGD', () => {
  it('comes within .1 % of the exact radius and never nearer, in 100 of 100 cases of 768 dimensions', async () => {
    for (let seed = 0; seed < 100; seed += 1) {
      const filter = createConceptFilter({ pairs: [randomPair('pair', 768)] })
      const embedding = normals(768).map(Math.fround)
      const { success, distance } = await embeddingPgd({
        embedding,
        filter,
        seed,
        restarts: 1,
        steps: 20,
        tolerance: 3e-4,
      })
      const ratio = (distance ?? Number.NaN) / exactRadius(filter, embedding)
      expect(success).toBe(true)
      expect(ratio).toBeGreaterThanOrEqual(1 - 1e-9)
      expect(ratio).toBeLessThanOrEqual(1.001)
      // A certificate that claims 5 % too much is refuted.
      expect(ratio / 1.05).toBeLessThan(1)
    }
  })

  it('holds at other thresholds and in few dimensions', async () => {
    for (const confidence of [0.1, 0.8]) {
      for (const columns of [2, 3, 8]) {
        const filter = createConceptFilter({ pairs: [randomPair('pair', columns, confidence)] })
        const embedding = normals(columns).map(Math.fround)
        const { distance } = await embeddingPgd({ embedding, filter, restarts: 3 })
        const ratio = (distance ?? Number.NaN) / exactRadius(filter, embedding)
        expect(ratio).toBeGreaterThanOrEqual(1 - 1e-6)
        expect(ratio).toBeLessThanOrEqual(1.01)
      }
    }
  })

  it('does not get within a radius that is certified, whichever pair it tries', async () => {
    const pairs = ['one', 'two', 'three'].map((id) => randomPair(id, 16))
    const filter = createConceptFilter({ pairs })
    for (let seed = 0; seed < 20; seed += 1) {
      const embedding = normals(16).map(Math.fround)
      const [decision] = filter.check(createMatrix({ data: [embedding] }))
      const radii = (decision?.pairs ?? []).flatMap((pair) =>
        decision?.flagged && !pair.flagged ? [] : [pair.radius.exact ?? Number.NaN],
      )
      const certified = decision?.flagged ? Math.max(...radii) : Math.min(...radii)
      const inside = await embeddingPgd({
        embedding,
        filter,
        radius: 0.999 * certified,
        restarts: 2,
      })
      expect(inside).toMatchObject({ success: false, stopped: 'exhausted' })
    }
  })

  it('says so where no noise changes the decision', async () => {
    const pair = { ...randomPair('pair', 8), threshold: Number.POSITIVE_INFINITY }
    const filter = createConceptFilter({ pairs: [pair] })
    const result = await embeddingPgd({ embedding: normals(8), filter })
    expect(result).toMatchObject({ flagged: false, success: false, stopped: 'no-gradient' })
  })
})

describe('embeddingScore', () => {
  it('has the gradient that central differences have, orthogonal to the embedding', () => {
    for (const relevanceFloor of [undefined, 0.05, 0.5]) {
      const filter = createConceptFilter({
        pairs: [randomPair('one', 8), randomPair('two', 8, 0.7)],
        ...(relevanceFloor === undefined ? {} : { relevanceFloor }),
      })
      const score = embeddingScore(filter)
      for (let trial = 0; trial < 20; trial += 1) {
        const embedding = Float64Array.from(normals(8))
        const { gradient } = score(embedding)
        const length = Math.hypot(...gradient)
        const along = gradient.reduce((sum, value, at) => sum + value * embedding[at]!, 0)
        expect(Math.abs(along)).toBeLessThan(1e-12)
        gradient.forEach((value, at) => {
          const moved = (step: number) =>
            score(embedding.map((each, i) => each + (i === at ? step : 0))).score
          expect(Math.abs((moved(1e-6) - moved(-1e-6)) / 2e-6 - value)).toBeLessThan(
            1e-6 * length + 1e-9,
          )
        })
      }
    }
  })

  it('is above 0 exactly where the filter flags', () => {
    for (const relevanceFloor of [undefined, 0.1]) {
      const filter = createConceptFilter({
        pairs: [randomPair('one', 8, 0.3), randomPair('two', 8)],
        ...(relevanceFloor === undefined ? {} : { relevanceFloor }),
      })
      const rows = Array.from({ length: 500 }, () => normals(8).map(Math.fround))
      const score = embeddingScore(filter)
      const decisions = filter.check(createMatrix({ data: rows }))
      expect(rows.map((row) => score(row).score > 0)).toEqual(
        decisions.map(({ flagged }) => flagged),
      )
      expect(new Set(decisions.map(({ flagged }) => flagged)).size).toBe(2)
    }
  })
})

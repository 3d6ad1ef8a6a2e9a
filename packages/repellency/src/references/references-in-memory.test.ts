import { createRandom } from '@assay/core'
import { describe, expect, it } from 'vitest'
import {
  drawReferences,
  drawRow,
  kinds,
  nearByComparison,
  nextAbove,
  shape,
} from '../__fixtures__/reference-sets.js'
import { poolProjection } from './pool-projection.js'
import { referencesInMemory } from './references-in-memory.js'

const projection = poolProjection({ ...shape, pool: 2 })

describe('referencesInMemory', () => {
  it.each(['as they are', 'by their projections'])(
    'equals a comparison with every row in 4,000 searches, %s',
    async (how) => {
      let searches = 0
      let found = 0
      for (const [seed, kind] of kinds.entries()) {
        const vectors = drawReferences(kind, 120, seed)
        const references = referencesInMemory(vectors, how === 'as they are' ? {} : { projection })
        const random = createRandom(seed + 10)
        for (let round = 0; searches < ((seed + 1) * 4000) / kinds.length; round += 1) {
          const point = drawRow(kind, random)
          // A distance itself, which strict comparison leaves out, or the next number, which takes it in.
          const all = nearByComparison(point, vectors, Number.POSITIVE_INFINITY)
          const tie = all.map(({ distance }) => distance).sort((a, b) => a - b)[random.integer(40)]!
          const radius = round % 2 === 0 ? tie : nextAbove(tie)
          const [near = []] = await references.within([point], { radius })
          const wanted = nearByComparison(point, vectors, radius)
          expect(near.map(({ row, distance }) => [row, distance])).toEqual(
            wanted.map(({ row, distance }) => [row, distance]),
          )
          searches += 1
          found += near.length
        }
      }
      expect(searches).toBeGreaterThanOrEqual(4000)
      expect(found).toBeGreaterThan(searches)
    },
  )

  it('stops where the caller has changed its mind', async () => {
    const references = referencesInMemory(drawReferences('normal', 5, 1))
    const search = references.within([new Float64Array(references.dimensions)], {
      radius: 1,
      signal: AbortSignal.abort(),
    })
    await expect(search).rejects.toMatchObject({ code: 'ABORTED' })
  })

  it('refuses a projection of other rows', () => {
    const vectors = drawReferences(kinds[0]!, 3, 1)
    const other = poolProjection({ ...shape, width: 2 * shape.width, pool: 2 })
    expect(() => referencesInMemory(vectors, { projection: other })).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    )
  })
})

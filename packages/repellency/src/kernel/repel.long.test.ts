import { createMatrix, createRandom } from '@assay/core'
import { expect, it } from 'vitest'
import { tell } from '../__fixtures__/tell.js'
import { referencesInMemory } from '../references/references-in-memory.js'
import { repel } from './repel.js'

it('of 20,000 predictions among 200 shields none is left inside in strict form', async () => {
  const { normal, integer } = createRandom('strong overlap')
  const data = Float32Array.from({ length: 200 * 8 }, normal)
  const references = referencesInMemory(createMatrix({ data, columns: 8 }))
  const points = Array.from({ length: 20_000 }, () => {
    const row = integer(200)
    return Float64Array.from({ length: 8 }, (_, at) => data[row * 8 + at]! + 0.25 * normal())
  })
  const radius = 1.6
  const run = async (overcompensation: number, strict: boolean) => {
    const options = { references, radius, overcompensation, strict }
    const moved = await repel(points, [...points.keys()], options)
    const ends = moved.map((each, row) => each?.prediction ?? points[row]!)
    const found = await references.within(ends, { radius: radius * (1 - 1e-6) })
    const inside = found.filter((near) => near.length > 0).length / points.length
    const lengths = ends.map((end, row) =>
      Math.hypot(...end.map((value, at) => value - points[row]![at]!)),
    )
    const displacement = lengths.reduce((sum, length) => sum + length, 0) / lengths.length
    const form = `λ ${overcompensation}, ${strict ? 'strict' : 'plain'}`
    tell(`${form}, inside`, inside)
    tell(`${form}, moved by`, displacement)
    return inside
  }
  // The plain sum cancels where shields overlap; how often depends on the draw.
  expect(await run(1, false)).toBeGreaterThan(0.2)
  expect(await run(1.6, false)).toBeGreaterThan(0.01)
  expect(await run(1, true)).toBe(0)
  expect(await run(1.6, true)).toBe(0)
})

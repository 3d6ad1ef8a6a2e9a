import { createMatrix, createRandom } from '@assay/core'
import { euclideanDistance } from '@assay/core/linear-algebra'
import { meanAndVariance } from '@assay/core/statistics'
import { vendiScore } from '@assay/metrics'
import { expect, it } from 'vitest'
import { drawBatch, mixtureDenoiser } from '../__fixtures__/gaussian-mixture.js'
import { tell } from '../__fixtures__/tell.js'
import { createReferenceBank } from '../references/reference-bank.js'
import { createShield } from './create-shield.js'

// Twelve modes of norm 6 in 64 dimensions, one of them drawn in 60 % of the cases.
const dimensions = 64
const random = createRandom('modes')
const means = Array.from({ length: 12 }, () => {
  const direction = Float64Array.from({ length: dimensions }, random.normal)
  const norm = Math.hypot(...direction)
  return direction.map((value) => (6 * value) / norm)
})
const weights = [0.6, ...new Array<number>(11).fill(0.4 / 11)]
const denoise = mixtureDenoiser({ means, spread: 0.3, weights })

const nearestMode = (picture: Float64Array) => {
  const distances = means.map((mean) => euclideanDistance(mean, picture))
  return distances.indexOf(Math.min(...distances))
}

/** Sixteen pictures of a prompt as four batches of four, with what they are worth. */
async function drawSet(repeat: number, radius: number, withBank = true) {
  const bank = createReferenceBank({ dimensions })
  const pictures: Float64Array[] = []
  const active: number[] = []
  for (let batch = 0; batch < 4; batch += 1) {
    const seeds = Array.from({ length: 4 }, (_, row) => 16 * repeat + 4 * batch + row)
    const shield =
      radius === 0
        ? null
        : createShield({ radius, apart: true, ...(withBank && { references: bank }) })
    const drawing = { denoise, dimensions, seeds, random, sampler: 'euler' } as const
    const drawn = await drawBatch({ ...drawing, ...(shield && { hook: shield.hook }) })
    pictures.push(...drawn)
    bank.add(drawn)
    shield?.calls.forEach((call, index) => {
      active[index] = (active[index] ?? 0) + call.active
    })
  }
  const distances = pictures.flatMap((one, at) =>
    pictures.slice(at + 1).map((other) => euclideanDistance(one, other)),
  )
  return {
    vendi: vendiScore(createMatrix({ data: pictures.map((picture) => [...picture]) })),
    modes: new Set(pictures.map(nearestMode)).size,
    least: Math.min(...distances),
    near: distances.filter((distance) => distance < radius).length / distances.length,
    lateShare: active.slice(24).reduce((sum, count) => sum + count, 0) / (8 * 16),
  }
}

async function drawSets(radius: number, withBank = true) {
  const sets: Awaited<ReturnType<typeof drawSet>>[] = []
  for (let repeat = 0; repeat < 300; repeat += 1) sets.push(await drawSet(repeat, radius, withBank))
  const mean = (of: (set: (typeof sets)[number]) => number) => meanAndVariance(sets.map(of)).mean
  const found = {
    ...{ vendi: mean(({ vendi }) => vendi), modes: mean(({ modes }) => modes) },
    ...{ least: mean(({ least }) => least), near: mean(({ near }) => near) },
    lateShare: mean(({ lateShare }) => lateShare),
  }
  for (const [what, value] of Object.entries(found)) tell(`B13 r ${radius}, ${what}`, value)
  return found
}

it('B13: sixteen pictures of a prompt are worth the more the larger the radius', async () => {
  const [free, narrow, wide] = [await drawSets(0), await drawSets(4), await drawSets(6)]
  const alone = await drawSets(6, false)
  // The figures of the research notes, for another draw of modes and noise.
  for (const [found, vendi, modes] of [
    [free, 5.05, 5.9],
    [narrow, 9.35, 8.4],
    [wide, 11.28, 9.4],
  ] as const) {
    expect(Math.abs(found.vendi - vendi)).toBeLessThan(0.25)
    expect(Math.abs(found.modes - modes)).toBeLessThan(0.25)
  }
  expect(wide.near).toBe(0)
  expect(wide.least).toBeGreaterThan(6)
  expect(wide.lateShare).toBeLessThan(0.01)
  expect(alone.vendi).toBeLessThan(wide.vendi)
  expect(alone.near).toBeGreaterThan(0.02)
})

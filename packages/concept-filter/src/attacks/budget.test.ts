import { describe, expect, it } from 'vitest'
import { linearToy } from './__fixtures__/linear-toy.js'
import { boundaryAttack } from './black-box/boundary-attack.js'
import { nesAttack } from './black-box/nes-attack.js'
import { simbaAttack } from './black-box/simba-attack.js'
import { squareAttack } from './black-box/square-attack.js'
import { robustnessCurve } from './evaluation/robustness-curve.js'
import type { ScorePictures } from './score/score-pictures.js'
import type { PixelAttackLimits } from './search/attack-options.js'
import type { AttackResult } from './search/attack-result.js'
import { pgdAttack } from './white-box/pgd-attack.js'

const toy = linearToy(3)
const { picture, gradients } = toy

type Limits = Omit<PixelAttackLimits, 'norm'> & { readonly score: ScorePictures }

const attacks: readonly (readonly [string, (options: Limits) => Promise<AttackResult>])[] = [
  ['NES', nesAttack],
  ['SimBA', simbaAttack],
  ['Square', (options) => squareAttack({ radius: 0.3, ...options })],
  ['boundary', boundaryAttack],
  ['PGD on the deployed filter', (options) => pgdAttack({ ...options, gradients })],
]

/** The toy's score, and how many pictures it was asked about. */
function counted() {
  const count = { pictures: 0 }
  const score: ScorePictures = (pictures) => {
    count.pictures += pictures.length
    return toy.score(pictures)
  }
  return { count, score }
}

describe.each(attacks)('%s', (_, attack) => {
  it.each([1, 2, 37, 150])(
    'asks no more than a budget of %i, and says that it is spent',
    async (budget) => {
      const { count, score } = counted()
      const result = await attack({ picture, score, budget, refinements: 1000 })
      expect(count.pictures).toBeLessThanOrEqual(result.queries)
      expect(result.queries).toBeLessThanOrEqual(budget)
      expect(result).toMatchObject({ stopped: 'budget', budget })
    },
  )

  it('takes the same way from the same seed, and leaves the picture as it was', async () => {
    const before = picture.data.slice()
    const options = { picture, score: toy.score, budget: 300, seed: 7 }
    expect(await attack(options)).toEqual(await attack(options))
    expect(picture.data).toEqual(before)
  })

  it('finds pictures that 8-bit files hold exactly', async () => {
    const result = await attack({ picture, score: toy.score, eightBit: true, radius: 2 })
    expect(result.success).toBe(true)
    for (const value of result.changed ?? []) {
      expect(Math.abs(value * 255 - Math.round(value * 255))).toBeLessThan(1e-9)
    }
    expect(result.distance).toBeLessThanOrEqual(2 * (1 + 1e-9))
  })

  it('refuses limits that cannot be meant, and answers that are no numbers', async () => {
    const { score } = toy
    for (const wrong of [
      { radius: 0 },
      { radius: Number.NaN },
      { budget: 0 },
      { budget: 1.5 },
      { refinements: -1 },
    ]) {
      await expect(attack({ picture, score, ...wrong })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      })
    }
    await expect(attack({ picture, score: () => [Number.NaN] })).rejects.toMatchObject({
      code: 'NOT_FINITE',
    })
    await expect(attack({ picture: { ...picture, width: 3 }, score })).rejects.toMatchObject({
      code: 'IMAGE_CORRUPT',
    })
  })

  it('stops when it is told to', async () => {
    const controller = new AbortController()
    const score: ScorePictures = (pictures) => {
      controller.abort()
      return toy.score(pictures)
    }
    const { signal } = controller
    await expect(attack({ picture, score, signal })).rejects.toMatchObject({ code: 'ABORTED' })
  })
})

describe('a filter that hides its gradient', () => {
  // A score in steps: flat everywhere but at its edges.
  const steps = (value: number) => Math.ceil(value * 400) / 400
  const score: ScorePictures = async (pictures) => Array.from(await toy.score(pictures), steps)
  const flat = {
    scoreAndGradient: async (each: typeof picture) => {
      const { score: value, gradient } = await gradients.scoreAndGradient(each)
      return { score: steps(value), gradient: new Float64Array(gradient.length) }
    },
  }

  it('stops a white-box attack, which says why, and not the Square attack', async () => {
    const white = await pgdAttack({ picture, gradients: flat, radius: 4 * toy.distance.l2 })
    expect(white).toMatchObject({ success: false, stopped: 'no-gradient' })
    const square = await squareAttack({ picture, score, radius: 4 * toy.distance.l2 })
    expect(square).toMatchObject({ success: true, stopped: 'found' })
  })
})

describe('a change at the very edge of its radius', () => {
  it('counts as within it', async () => {
    // Turns only where some value is changed by all of 8 / 255.
    const score: ScorePictures = (pictures) =>
      pictures.map(({ data }) =>
        data.some((value, at) => Math.abs(value - picture.data[at]!) > 7.9 / 255) ? -1 : 1,
      )
    const radius = 8 / 255
    const result = await pgdAttack({ picture, gradients, score, norm: 'linf', radius })
    expect(result).toMatchObject({ success: true })
    const [point] = robustnessCurve({ by: 'distance', attempts: [result], at: [radius] })
    expect(point?.success.count).toBe(1)
  })
})

describe('a filter that always says the same', () => {
  const score: ScorePictures = (pictures) => pictures.map(() => 1)

  it('is not broken by anything, and each attack says how it ended', async () => {
    const ends = async (attack: Promise<AttackResult>) => {
      const { success, distance, stopped } = await attack
      expect([success, distance]).toEqual([false, null])
      return stopped
    }
    expect(await ends(nesAttack({ picture, score }))).toBe('no-gradient')
    expect(await ends(simbaAttack({ picture, score }))).toBe('exhausted')
    expect(await ends(squareAttack({ picture, score, radius: 1, budget: 100 }))).toBe('budget')
    expect(await ends(boundaryAttack({ picture, score }))).toBe('no-start')
  })

  it('the boundary attack takes a start of the other decision', async () => {
    const start = { ...picture, data: picture.data.map(() => 1) }
    const white: ScorePictures = (pictures) =>
      pictures.map(({ data }) => (data.every((value) => value > 0.99) ? -1 : 1))
    const result = await boundaryAttack({ picture, score: white, start, budget: 100 })
    expect(result).toMatchObject({ success: true, stopped: 'budget' })
    await expect(
      squareAttack({ picture, score, radius: Number.POSITIVE_INFINITY }),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })
})

import { describe, expect, it } from 'vitest'
import { linearToy } from './__fixtures__/linear-toy.js'
import { boundaryAttack } from './black-box/boundary-attack.js'
import { nesAttack } from './black-box/nes-attack.js'
import { simbaAttack } from './black-box/simba-attack.js'
import { squareAttack } from './black-box/square-attack.js'
import type { QueryAttackOptions } from './search/attack-options.js'
import type { AttackResult } from './search/attack-result.js'
import { pgdAttack } from './white-box/pgd-attack.js'

/** A flagged picture, which is to pass, and a passed one, which is to be flagged. */
const toys = [linearToy(1), linearToy(2, { flagged: false })]

/** On a linear encoder the smallest change is known: what an attack finds, over that. */
const ratio = ({ distance }: AttackResult, truth: number) => (distance ?? Number.NaN) / truth

describe.each(toys)('attacks on a linear encoder, flagged $flagged', (toy) => {
  const { picture, score, gradients, distance, flagged } = toy
  const limits = { picture, score, budget: 4000 }

  it('NES comes within 1.35 of the smallest change', async () => {
    const result = await nesAttack(limits)
    expect(result).toMatchObject({ success: true, flagged, stopped: 'found' })
    expect(ratio(result, distance.l2)).toBeGreaterThanOrEqual(1 - 1e-9)
    expect(ratio(result, distance.l2)).toBeLessThanOrEqual(1.35)
  })

  it('SimBA comes within 1.6 of the smallest change', async () => {
    const result = await simbaAttack(limits)
    expect(result).toMatchObject({ success: true, flagged, stopped: 'found' })
    expect(ratio(result, distance.l2)).toBeGreaterThanOrEqual(1 - 1e-9)
    expect(ratio(result, distance.l2)).toBeLessThanOrEqual(1.6)
  })

  it.each(['l2', 'linf'] as const)('white-box PGD comes within 1.01 of it in %s', async (norm) => {
    const result = await pgdAttack({ picture, gradients, norm, restarts: 1 })
    expect(result).toMatchObject({ success: true, flagged, stopped: 'found', norm })
    expect(ratio(result, distance[norm])).toBeGreaterThanOrEqual(1 - 1e-9)
    expect(ratio(result, distance[norm])).toBeLessThanOrEqual(1.01)
  })

  it('white-box PGD fails just inside the smallest change and succeeds just outside', async () => {
    for (const norm of ['l2', 'linf'] as const) {
      const attempt = (factor: number) =>
        pgdAttack({ picture, gradients, norm, radius: factor * distance[norm], restarts: 2 })
      expect(await attempt(0.999)).toMatchObject({ success: false, stopped: 'exhausted' })
      expect(await attempt(1.01)).toMatchObject({ success: true, stopped: 'found' })
    }
  })

  it.each(['l2', 'linf'] as const)(
    'Square finds a change within its radius in %s',
    async (norm) => {
      const radius = 4 * distance[norm]
      const result = await squareAttack({ ...limits, norm, radius })
      expect(result).toMatchObject({ success: true, flagged, stopped: 'found' })
      expect(ratio(result, distance[norm])).toBeGreaterThanOrEqual(1 - 1e-9)
      expect(result.distance).toBeLessThanOrEqual(radius * (1 + 1e-9))
      const within = await squareAttack({
        ...limits,
        norm,
        radius: 0.99 * distance[norm],
        budget: 200,
      })
      expect(within).toMatchObject({ success: false, stopped: 'budget', queries: 200 })
    },
  )

  it('the boundary attack, which sees decisions alone, comes within 2 of it', async () => {
    const decisions: QueryAttackOptions['score'] = async (pictures) =>
      Array.from(await score(pictures), (value) => (value > 0 ? 1 : 0))
    const result = await boundaryAttack({ picture, score: decisions, budget: 2500 })
    expect(result).toMatchObject({ success: true, flagged })
    expect(ratio(result, distance.l2)).toBeGreaterThanOrEqual(1 - 1e-9)
    expect(ratio(result, distance.l2)).toBeLessThanOrEqual(2)
  })

  it.each([
    ['NES', nesAttack],
    ['SimBA', simbaAttack],
  ] as const)('%s ends at the first change within a radius', async (_, attack) => {
    const near = await attack({ ...limits, radius: 3 * distance.l2 })
    expect(near).toMatchObject({ success: true, stopped: 'found' })
    expect(near.queriesToSuccess).toBeLessThanOrEqual(near.queries)
    expect(near.distance).toBeLessThanOrEqual(3 * distance.l2 * (1 + 1e-9))
    const tooNear = await attack({ ...limits, radius: 0.99 * distance.l2, budget: 500 })
    expect(tooNear).toMatchObject({ success: false, changed: null, stopped: 'budget' })
  })
})

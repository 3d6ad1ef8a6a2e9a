import { AssayError } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { linearToy } from '../__fixtures__/linear-toy.js'
import { squareAttack } from '../black-box/square-attack.js'
import { attackPictures } from './attack-pictures.js'
import { robustnessCurve } from './robustness-curve.js'

describe('robustnessCurve', () => {
  const found = (queriesToSuccess: number) =>
    ({ queriesToSuccess, budget: 1000, stopped: 'found' }) as const
  const spent = { queriesToSuccess: null, budget: 1000, stopped: 'budget' } as const

  it('counts what was turned by then, with Wilson intervals', () => {
    const attempts = [
      found(50),
      found(100),
      found(700),
      spent,
      spent,
      spent,
      spent,
      spent,
      spent,
      spent,
    ]
    const points = robustnessCurve({ by: 'queries', attempts, at: [10, 100, 1000] })
    expect(points.map(({ success }) => success.count)).toEqual([0, 2, 3])
    // 0 of 10: [0, .2775], Wilson.
    expect(points[0]?.success).toMatchObject({
      value: 0,
      n: 10,
      interval: { low: 0, method: 'wilson' },
    })
    expect(points[0]?.success.interval?.high).toBeCloseTo(0.2775, 4)
    expect(points.map(({ robustAccuracy }) => robustAccuracy.value)).toEqual([1, 0.8, 0.7])
  })

  it('counts wrongly decided items as fallen from the start', () => {
    const [point] = robustnessCurve({
      by: 'queries',
      attempts: [found(5), spent],
      at: [100],
      wrong: 2,
    })
    expect(point?.success).toMatchObject({ count: 1, n: 2, value: 0.5 })
    expect(point?.robustAccuracy).toMatchObject({ count: 1, n: 4, value: 0.25 })
  })

  it('counts prompts that needed no attack as fallen, and not as attacked', () => {
    const needless = { queriesToSuccess: null, budget: 60, stopped: 'not-needed' } as const
    const [point] = robustnessCurve({
      by: 'queries',
      attempts: [found(5), spent, spent, needless],
      at: [100],
    })
    expect(point?.success).toMatchObject({ count: 1, n: 3 })
    expect(point?.robustAccuracy).toMatchObject({ count: 2, n: 4, value: 0.5 })
  })

  it('has no value where an attack did not go that far, or nothing was attacked', () => {
    const [within, beyond] = robustnessCurve({
      by: 'queries',
      attempts: [found(5), spent],
      at: [1000, 1001],
    })
    expect(within).toMatchObject({ unknown: 0, success: { value: 0.5 } })
    expect(beyond).toMatchObject({ unknown: 1, success: { value: null, interval: null } })
    const missed = { distance: null, radius: 0.5, stopped: 'exhausted' } as const
    const near = { distance: 0.2, radius: 0.5, stopped: 'found' } as const
    const [inside, outside] = robustnessCurve({
      by: 'distance',
      attempts: [near, missed],
      at: [0.5, 0.6],
    })
    expect(inside).toMatchObject({ unknown: 0, robustAccuracy: { value: 0.5 } })
    expect(outside).toMatchObject({ unknown: 1, robustAccuracy: { value: null } })
    expect(robustnessCurve({ by: 'queries', attempts: [], at: [1] })[0]?.success.value).toBeNull()
  })

  it('never rises', async () => {
    const items = [4, 5, 6].map((seed) => ({ id: `toy-${seed}`, toy: linearToy(seed) }))
    const { attempts, failures } = await attackPictures({
      items,
      attack: ({ toy: { picture, score, distance } }, seed) =>
        squareAttack({ picture, score, seed, radius: 4 * distance.l2, budget: 600 }),
    })
    expect(failures).toEqual([])
    const curve = robustnessCurve({
      by: 'queries',
      attempts: attempts.map(({ result }) => result),
      at: [1, 50, 100, 200, 600],
    })
    const standing = curve.map(({ robustAccuracy }) => robustAccuracy.value ?? Number.NaN)
    expect(standing).toEqual([...standing].sort((one, other) => other - one))
    expect(standing[0]).toBe(1)
    expect(standing.at(-1)).toBeLessThan(1)
  })
})

describe('attackPictures', () => {
  const toy = linearToy(7)
  const options = { picture: toy.picture, score: toy.score, radius: 1, budget: 40 }

  it('keeps a failure as a value and goes on', async () => {
    const progress: number[] = []
    const { attempts, failures } = await attackPictures({
      items: [{ id: 'broken' }, { id: 'fine' }],
      attack: async ({ id }, seed) => {
        if (id === 'fine') return squareAttack({ ...options, seed })
        throw new AssayError({ code: 'IMAGE_CORRUPT', message: 'Broken.', remedy: 'Mend it.' })
      },
      progress: ({ done }) => progress.push(done),
    })
    expect(attempts.map(({ id }) => id)).toEqual(['fine'])
    expect(failures).toMatchObject([{ id: 'broken', stage: 'attack', code: 'IMAGE_CORRUPT' }])
    expect(progress).toEqual([1, 2])
  })

  it('gives an item the same seed in any order', async () => {
    const seeds = async (ids: readonly string[]) => {
      const given = new Map<string, string>()
      await attackPictures({
        items: ids.map((id) => ({ id })),
        attack: ({ id }, seed) => {
          given.set(id, seed)
          return squareAttack({ ...options, seed, budget: 2 })
        },
      })
      return given
    }
    expect(await seeds(['a', 'b'])).toEqual(new Map([...(await seeds(['b', 'a']))].reverse()))
    expect(new Set((await seeds(['a', 'b'])).values()).size).toBe(2)
  })
})

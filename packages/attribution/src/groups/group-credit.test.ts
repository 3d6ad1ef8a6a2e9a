import { AssayError, createRandom } from '@assay/core'
import { describe, expect, it } from 'vitest'
import type { Attribution } from '../attribute/attribution.js'
import { type GroupCreditOptions, groupCredit } from './group-credit.js'

const attributionOf = (shares: Record<string, number>, unlabelled = 0): Attribution => ({
  query: 'q',
  matches: [],
  remainingInfluence: 1,
  support: 1,
  groups: [
    ...Object.entries(shares).map(([group, influence]) => ({ group, influence })),
    ...(unlabelled > 0 ? [{ group: null, influence: unlabelled }] : []),
  ],
  failure: null,
})

const failed: Attribution = {
  ...attributionOf({}),
  groups: null,
  failure: { id: 'f', stage: 'attribute', code: 'ZERO_VECTOR', message: 'Zero.', location: {} },
}

const credit = (options: Omit<GroupCreditOptions, 'random'>) =>
  groupCredit({ resamples: 500, ...options, random: createRandom(1) })

describe('groupCredit', () => {
  const { uniform } = createRandom(7)
  /** 40 prompts with 4 outputs each, whose shares are alike within a prompt. */
  const prompts = Array.from({ length: 160 }, (_, output) => Math.floor(output / 4))
  const centres = Array.from({ length: 40 }, () => 0.8 * uniform())
  const attributions = prompts.map((prompt) => {
    const ann = centres[prompt]! + 0.05 * uniform()
    return attributionOf({ ann, bob: (1 - ann) / 2 }, (1 - ann) / 2)
  })

  it('averages influence by group; all credit together is 1', () => {
    const { credits, otherCredit, groups } = credit({ attributions, clusters: prompts })
    const ann = attributions.reduce((sum, { groups }) => sum + groups![0]!.influence, 0) / 160
    expect(credits.find(({ group }) => group === 'ann')!.credit.value).toBeCloseTo(ann, 12)
    expect(credits.map(({ outputs }) => outputs)).toEqual([160, 160, 160])
    expect(credits.reduce((sum, { credit }) => sum + credit.value!, 0)).toBeCloseTo(1, 12)
    expect([otherCredit, groups]).toEqual([0, 3])
    const unlabelled = credits.find(({ group }) => group === null)!
    expect(unlabelled.credit).not.toHaveProperty('group')
  })

  it('has wider intervals where outputs of one prompt are alike', () => {
    const width = (options: Omit<GroupCreditOptions, 'random'>) => {
      const { credits } = credit(options)
      const { low, high } = credits.find(({ group }) => group === 'ann')!.credit.interval!
      return high - low
    }
    const clustered = width({ attributions, clusters: prompts })
    const independent = width({ attributions })
    // Four copies of each prompt say hardly more than one: twice the width.
    expect(clustered / independent).toBeGreaterThan(1.6)
    expect(clustered / independent).toBeLessThan(2.6)
  })

  it('lists the groups of most credit and sums the others', () => {
    const many = [
      attributionOf({ a: 0.5, b: 0.2, c: 0.2, d: 0.1 }),
      attributionOf({ a: 0.1, d: 0.9 }),
      failed,
    ]
    const { credits, otherCredit, groups } = credit({ attributions: many, most: 2 })
    expect(credits.map(({ group, outputs }) => [group, outputs])).toEqual([
      ['d', 2],
      ['a', 2],
    ])
    expect(credits[0]!.credit).toMatchObject({ value: 0.5, n: 2, missing: 1, group: 'd' })
    expect(otherCredit).toBeCloseTo(0.2, 12)
    expect(groups).toBe(4)
  })

  it('has no interval, and says why, where there is nothing to resample', () => {
    const { credits } = credit({ attributions: [attributionOf({ a: 1 })] })
    expect(credits[0]!.credit.interval).toBeNull()
    expect(credits[0]!.credit.reason).toBeDefined()
  })

  it('gives the same credit to a group whichever others are listed', () => {
    const all = credit({ attributions, clusters: prompts }).credits[0]
    expect(credit({ attributions, clusters: prompts, most: 1 }).credits[0]).toEqual(all)
  })

  it.each([
    ['no output that could be judged', { attributions: [failed] }, 'EMPTY_INPUT'],
    ['no output at all', { attributions: [] }, 'EMPTY_INPUT'],
    [
      'outputs without labels',
      { attributions: [{ ...attributionOf({}), groups: null }] },
      'MISSING_INPUT',
    ],
    ['another number of clusters', { attributions, clusters: [1] }, 'SHAPE_MISMATCH'],
    ['no groups to list', { attributions, most: 0 }, 'INVALID_ARGUMENT'],
  ])('refuses %s', (_, options, code) => {
    const refused = expect.objectContaining({ code })
    expect(() => credit(options)).toThrow(refused)
    expect(() => credit(options)).toThrow(AssayError)
  })
})

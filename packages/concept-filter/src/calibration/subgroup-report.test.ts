import { newcombeInterval } from '@assay/core/statistics'
import { describe, expect, it } from 'vitest'
import { subgroupReport } from './subgroup-report.js'

const repeated = <Value>(value: Value, count: number): Value[] =>
  Array.from({ length: count }, () => value)
const share = (flagged: number, of: number) => [
  ...repeated(true, flagged),
  ...repeated(false, of - flagged),
]

describe('subgroupReport', () => {
  const flagged = [...share(40, 200), ...share(10, 200), ...share(1, 10)]
  const groups = [...repeated('women', 200), ...repeated('men', 200), ...repeated('children', 10)]

  it('says who is flagged more, and what is beyond chance', () => {
    const rows = subgroupReport({ flagged, groups })
    expect(rows.map(({ group, rate, differs }) => [group, rate.value, rate.n, differs])).toEqual([
      ['women', 0.2, 200, true],
      ['children', 0.1, 10, false],
      ['men', 0.05, 200, true],
    ])
  })

  it("has Newcombe's intervals, at a level that all hold together", () => {
    const [women] = subgroupReport({ flagged, groups })
    const expected = newcombeInterval(
      { successes: 40, trials: 200 },
      { successes: 11, trials: 210 },
      { level: 1 - 0.05 / 3 },
    )
    expect(women!.difference.interval!.low).toBeCloseTo(expected.low, 12)
    expect(women!.difference.interval!.high).toBeCloseTo(expected.high, 12)
    expect(women!.difference.interval!.method).toBe('newcombe')
    expect(women!.rate.interval!.level).toBe(0.95)
  })

  it('is less sure where pictures share prompts, and silent where a prompt is in two groups', () => {
    const nested = groups.map((group, at) => `${group} ${at % 6}`)
    const [women] = subgroupReport({
      flagged: flagged.toSorted(),
      groups: groups.toSorted(),
      prompts: nested,
    })
    expect(women!.rate.interval!.method).toBe('clustered wilson')
    const mixed = subgroupReport({ flagged, groups, prompts: groups.map((_, at) => at % 40) })
    expect(mixed[0]!.difference).toMatchObject({
      interval: null,
      reason: 'a prompt has pictures in several subgroups',
    })
    expect(mixed[0]!.differs).toBeNull()
  })

  it('counts pictures that could not be decided as missing, and has no rate without any', () => {
    const rows = subgroupReport({ flagged: [true, null, null], groups: ['a', 'a', 'b'] })
    expect(rows[0]).toMatchObject({ group: 'a', rate: { value: 1, n: 1, missing: 1 } })
    expect(rows[1]).toMatchObject({
      group: 'b',
      rate: { value: null, n: 0, missing: 1, reason: 'no picture of it was judged' },
      difference: { value: null },
      differs: null,
    })
  })

  it.each([
    ['EMPTY_INPUT', [], []],
    ['INVALID_ARGUMENT', [true], ['a']],
    ['SHAPE_MISMATCH', [true], ['a', 'b']],
  ])('refuses: %s', (code, flagged, groups) => {
    expect(() => subgroupReport({ flagged, groups })).toThrow(expect.objectContaining({ code }))
  })
})

import { describe, expect, it } from 'vitest'
import { createRandom, type Interval } from '../../index.js'
import { codeOf, expectClose } from '../__fixtures__/expect-close.js'
import { meanAndVariance } from '../mean-and-variance.js'
import oracle from '../statistics.oracle.json' with { type: 'json' }
import { clusteredMeanInterval } from './clustered-mean-interval.js'
import { deleteAGroup } from './delete-a-group.js'
import { jackknifeInterval } from './jackknife-interval.js'

const bounds = (interval: Interval | null) => [interval!.low, interval!.high]
const average = (values: readonly number[]) => meanAndVariance(values).mean

describe('jackknifeInterval', () => {
  it('agrees with numpy', () => {
    for (const { estimate, leaveOneOut, expected } of oracle.jackknife) {
      expectClose(bounds(jackknifeInterval({ estimate, leaveOneOut })), expected, 1e-12)
    }
  })

  it('is the t interval of a mean where each item is a group', () => {
    const values = [3, 1, 4, 1, 5, 9, 2, 6]
    const clusters = values.map((_, index) => index)
    const samples = deleteAGroup({ clusters, random: createRandom(1) })
    const leaveOneOut = samples.map((kept) => average(kept.map((index) => values[index]!)))
    const interval = jackknifeInterval({ estimate: average(values), leaveOneOut })
    expectClose(bounds(interval), bounds(clusteredMeanInterval(values, clusters)), 1e-12)
  })

  it('is cut to the range of the measure', () => {
    const leaveOneOut = [0.9, 0.95, 1]
    const interval = jackknifeInterval({ estimate: 0.95, leaveOneOut, range: [0, 1] })!
    expect(interval.high).toBe(1)
    const outside = () => jackknifeInterval({ estimate: 1.1, leaveOneOut, range: [0, 1] })
    expect(codeOf(outside)).toBe('INVALID_ARGUMENT')
  })

  it('is null for one group, and where no spread is seen', () => {
    expect(jackknifeInterval({ estimate: 1, leaveOneOut: [2] })).toBeNull()
    expect(jackknifeInterval({ estimate: 1, leaveOneOut: [2, 2, 2] })).toBeNull()
    expect(jackknifeInterval({ estimate: 0.3, leaveOneOut: [0.3, 0.1 + 0.2] })).toBeNull()
  })

  it('refuses nothing and NaN', () => {
    expect(codeOf(() => jackknifeInterval({ estimate: 1, leaveOneOut: [] }))).toBe('EMPTY_INPUT')
    const estimate = Number.NaN
    expect(codeOf(() => jackknifeInterval({ estimate, leaveOneOut: [1, 2] }))).toBe('NOT_FINITE')
    expect(codeOf(() => jackknifeInterval({ estimate: 1, leaveOneOut: [1, estimate] }))).toBe(
      'NOT_FINITE',
    )
  })
})

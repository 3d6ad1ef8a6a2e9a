import { describe, expect, it } from 'vitest'
import { describeAttribution } from './describe-attribution.js'

describe('describeAttribution', () => {
  it('lists equal groups by name, pictures without a label last', () => {
    const labels = ['zoe', null, 'ann', 'bob', null, 'mia']
    const { groups } = describeAttribution(
      'q',
      {
        rows: [0, 1, 2, 3, 5],
        scores: Float64Array.of(0.5, 0.5, 0.5, 0.9, 0.5),
        idOf: (place) => `p${place}`,
      },
      { k: 1, calibration: { inverseTemperature: 1, bias: 0 }, labels },
    )
    expect(groups?.map(({ group }) => group)).toEqual(['bob', 'ann', 'mia', 'zoe', null])
  })
})

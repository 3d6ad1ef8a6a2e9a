import { describe, expect, it } from 'vitest'
import { clusteredMean, clusteredQuantileMeasure, clusteredShare } from './clustered-measures.js'
import { jackknifedMeasure } from './jackknifed-measure.js'
import { absentMeasure, measureOf } from './measure-of.js'

const meta = {
  measures: [
    {
      id: 'share',
      title: 'Share',
      description: 'A share.',
      unit: 'share',
      range: [0, 1] as const,
      higherIsBetter: null,
    },
  ],
}
const clusters = ['a', 'a', 'b', 'b', 'c', 'c']
const shared = { id: 'share', clusters, missing: 1, level: 0.95 }

describe('measureOf', () => {
  it('takes its unit from the meta, and says that its interval goes by prompt', () => {
    const interval = { low: 0, high: 1, level: 0.95, method: 'bootstrap' }
    const options = { id: 'share', value: 0.5, n: 4, missing: 0, interval }
    expect(measureOf(meta, { ...options, group: 'cats' })).toEqual({
      ...options,
      group: 'cats',
      unit: 'share',
      interval: { ...interval, method: 'bootstrap, by prompt' },
    })
  })

  it('leaves out group and reason where there are none, and the unit of an unknown measure empty', () => {
    const options = { id: 'unknown', value: 1, n: 1, missing: 0, interval: null }
    expect(measureOf(meta, options)).toEqual({ ...options, unit: '' })
  })

  it('is null with a reason where it could not be made', () => {
    expect(absentMeasure(meta, { id: 'share', missing: 3, reason: 'None.' })).toEqual({
      id: 'share',
      value: null,
      unit: 'share',
      n: 0,
      missing: 3,
      interval: null,
      reason: 'None.',
    })
  })
})

describe('means and shares over outputs', () => {
  it('have an interval around their value', () => {
    const mean = clusteredMean(meta, { ...shared, values: [1, 2, 3, 4, 5, 7], range: [0, 10] })
    expect(mean).toMatchObject({ value: 22 / 6, n: 6, missing: 1 })
    expect(mean.interval?.low).toBeLessThan(22 / 6)
    expect(mean.interval?.high).toBeGreaterThan(22 / 6)
    const outcomes = [true, false, true, true, false, false]
    const share = clusteredShare(meta, { ...shared, outcomes })
    expect(share).toMatchObject({ value: 0.5, n: 6 })
    expect(share.interval?.method).toMatch(/, by prompt$/)
  })

  it('say why there is no interval, or no value', () => {
    const alone = { ...shared, clusters: ['a', 'a'], values: [1, 2], range: [0, 10] as const }
    expect(clusteredMean(meta, alone)).toMatchObject({ value: 1.5, interval: null })
    expect(clusteredMean(meta, alone).reason).toContain('fewer than two prompts')
    const nothing = clusteredShare(meta, { ...shared, clusters: [], outcomes: [] })
    expect(nothing).toMatchObject({ value: null, n: 0, reason: 'No output could be measured.' })
  })
})

describe('quantiles over outputs', () => {
  const options = { ...shared, quantile: 0.5, range: [0, 10] as const }

  it('are a value of the sample, with an interval around it', () => {
    const median = clusteredQuantileMeasure(meta, { ...options, values: [1, 2, 3, 4, 5, 7] })
    expect(median).toMatchObject({ value: 3, n: 6, missing: 1 })
    expect(median.interval?.method).toMatch(/, by prompt$/)
  })

  it('say why there is no interval, or no value', () => {
    const alone = { ...options, clusters: ['a', 'a'], values: [1, 2] }
    const median = clusteredQuantileMeasure(meta, alone)
    expect(median).toMatchObject({ value: 1, interval: null })
    expect(median.reason).toContain('too few prompts')
    const nothing = clusteredQuantileMeasure(meta, { ...options, clusters: [], values: [] })
    expect(nothing).toMatchObject({ value: null, n: 0, reason: 'No output could be measured.' })
  })
})

describe('jackknifedMeasure', () => {
  const figure = {
    id: 'share',
    estimate: 0.5,
    n: 10,
    missing: 0,
    level: 0.95,
    range: [0, 1] as const,
  }

  it('has an interval from what leaving groups out changes', () => {
    const leaveOneOut = [0.4, 0.5, 0.6, 0.45, 0.55]
    const { interval } = jackknifedMeasure(meta, { ...figure, leaveOneOut })
    expect(interval?.low).toBeLessThan(0.5)
    expect(interval?.high).toBeGreaterThan(0.5)
  })

  it.each([
    ['nothing can be left out', []],
    ['nothing changes', [0.5, 0.5, 0.5]],
  ])('has none where %s, and says so', (_, leaveOneOut) => {
    const measure = jackknifedMeasure(meta, { ...figure, leaveOneOut })
    expect(measure).toMatchObject({ value: 0.5, interval: null })
    expect(measure.reason).toContain('No interval')
  })
})

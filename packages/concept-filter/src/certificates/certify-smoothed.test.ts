import { createRandom, type RgbImage } from '@assay/core'
import { normalCumulative, normalQuantile } from '@assay/core/statistics'
import { describe, expect, it } from 'vitest'
import oracle from './certificates.oracle.json' with { type: 'json' }
import { type CertifySmoothedOptions, certifySmoothed } from './certify-smoothed.js'
import { noisyImage } from './noisy-image.js'
import { smoothedRadius } from './smoothed-radius.js'

describe('smoothedRadius', () => {
  it('has the bounds of statsmodels', () => {
    for (const { successes, trials, alpha, lowerBound, radius } of oracle.smoothing) {
      const found = smoothedRadius({ successes, trials }, { sigma: 0.25, alpha })
      expect(found.lowerBound).toBeCloseTo(lowerBound, 10)
      expect(found.radius).toBeCloseTo(radius, 10)
    }
  })

  it('ends at sigma Φ⁻¹(α^(1/n)) where all samples agree', () => {
    for (const [trials, lower, radius] of [
      [1000, 0.993116, 2.463],
      [10_000, 0.99930946, 3.199],
      [100_000, 0.99993092, 3.811],
    ] as const) {
      const found = smoothedRadius({ successes: trials, trials }, { sigma: 1 })
      expect(found.lowerBound).toBeCloseTo(0.001 ** (1 / trials), 12)
      expect(found.lowerBound).toBeCloseTo(lower, 6)
      expect(found.radius).toBeCloseTo(radius, 3)
    }
  })

  it('abstains where one half is not exceeded', () => {
    const found = smoothedRadius({ successes: 540, trials: 1000 }, { sigma: 1 })
    expect(found.lowerBound).toBeLessThan(0.5)
    expect(found.radius).toBe(0)
  })

  it('is the true distance on a half-space, in the limit and, from below, by sampling', () => {
    const [sigma, distance, trials] = [0.5, 1, 100_000]
    const share = normalCumulative(distance / sigma)
    expect(sigma * normalQuantile(share)).toBeCloseTo(distance, 9)
    const random = createRandom('half-space')
    const radii = Array.from({ length: 300 }, () => {
      // A binomial draw by its normal limit would hide the tail: count the samples that leave, one by one.
      const left = binomial(random.uniform, trials, 1 - share)
      return smoothedRadius({ successes: trials - left, trials }, { sigma }).radius
    })
    const mean = radii.reduce((sum, radius) => sum + radius, 0) / radii.length
    expect(mean).toBeGreaterThan(0.985)
    expect(mean).toBeLessThan(0.989)
    expect(Math.min(...radii)).toBeGreaterThan(0.968)
    expect(Math.max(...radii)).toBeLessThanOrEqual(1)
  })
})

/** Successes of rare trials, by the geometric gaps between them. */
function binomial(uniform: () => number, trials: number, probability: number): number {
  const step = Math.log1p(-probability)
  let successes = 0
  for (let at = Math.floor(Math.log(1 - uniform()) / step); at < trials; successes += 1) {
    at += 1 + Math.floor(Math.log(1 - uniform()) / step)
  }
  return successes
}

const grey = (value: number, size = 16): RgbImage => ({
  width: size,
  height: size,
  data: new Uint8Array(size * size * 3).fill(value),
})

/** A filter whose truth is known: it flags pictures that are brighter than a half on average. */
const brightness = ({ data }: RgbImage) =>
  data.reduce((sum, value) => sum + value, 0) / (255 * data.length)

const options = (change: Partial<CertifySmoothedOptions> = {}): CertifySmoothedOptions => ({
  id: 'picture',
  score: brightness,
  threshold: 0.5,
  image: grey(128 + 12),
  sigma: 0.1,
  random: createRandom('smoothing'),
  ...change,
})

describe('certifySmoothed', () => {
  it('certifies less than the true distance, and most of what its samples can tell', async () => {
    // 12.5 / 255 above one half in each of 768 values, of which few are cut at white: distance 1.36, 13.6
    // deviations, so that every sample agrees.
    const far = await certifySmoothed(options())
    expect(far).toMatchObject({
      space: 'pixels of the smoothed filter',
      method: 'randomised smoothing',
      flagged: true,
      unsmoothed: true,
      agreeing: 1000,
      reasons: [],
    })
    expect(far.radius).toBeCloseTo(0.2463, 3)
    const near = await certifySmoothed(options({ image: grey(129), samples: 4000 }))
    const distance = (1.5 / 255) * Math.sqrt(768)
    expect(near.radius).toBeLessThan(distance)
    expect(near.radius).toBeGreaterThan(0.8 * distance)
  })

  it('certifies pictures that pass as well', async () => {
    const found = await certifySmoothed(options({ image: grey(118) }))
    expect(found).toMatchObject({ flagged: false, unsmoothed: false, agreeing: 1000 })
    expect(found.radius).toBeCloseTo(0.2463, 3)
  })

  it('certifies on other copies than those that chose the decision', async () => {
    const copies = new Set<string>()
    const score = (copy: RgbImage) => {
      copies.add(copy.data.join())
      return 1
    }
    await certifySmoothed(options({ score, selectionSamples: 50, samples: 50 }))
    expect(copies.size).toBe(1 + 50 + 50)
  })

  it('abstains between the two decisions', async () => {
    const found = await certifySmoothed(options({ threshold: 128 / 255, image: grey(128) }))
    expect(found).toMatchObject({ flagged: null, radius: 0, reasons: ['ABSTAINED'] })
  })

  it('says the same for a seed whatever is asked for at a time, and other noise for another picture', async () => {
    const image = grey(128)
    const agreeing = async (change: Partial<CertifySmoothedOptions>) =>
      (await certifySmoothed(options({ image, ...change }))).agreeing
    const first = await agreeing({ concurrency: 1 })
    expect(await agreeing({ concurrency: 7 })).toBe(first)
    expect(await agreeing({ id: 'other' })).not.toBe(first)
  })

  it('leaves the picture as it is and asks for each copy once', async () => {
    const image = grey(140)
    let asked = 0
    const score = async (copy: RgbImage) => {
      asked += 1
      return brightness(copy)
    }
    await certifySmoothed(options({ image, score, selectionSamples: 10, samples: 33 }))
    expect(asked).toBe(1 + 10 + 33)
    expect(image).toEqual(grey(140))
  })

  it.each<[string, Partial<CertifySmoothedOptions>]>([
    ['INVALID_ARGUMENT', { sigma: 0 }],
    ['INVALID_ARGUMENT', { alpha: 0.5 }],
    ['INVALID_ARGUMENT', { samples: 0 }],
    ['INVALID_ARGUMENT', { selectionSamples: 1.5 }],
    ['NOT_FINITE', { score: () => Number.NaN }],
    ['ABORTED', { signal: AbortSignal.abort() }],
  ])('refuses: %s', async (code, change) => {
    await expect(certifySmoothed(options(change))).rejects.toMatchObject({ code })
  })
})

describe('noisyImage', () => {
  it('adds noise of the asked deviation, and cuts at black and white', () => {
    const { data } = noisyImage(grey(128, 64), 0.1, createRandom('noise'))
    const differences = Array.from(data, (value) => (value - 128) / 255)
    const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length
    const variance = differences.reduce((sum, value) => sum + value ** 2, 0) / differences.length
    expect(Math.abs(mean)).toBeLessThan(0.003)
    expect(Math.sqrt(variance)).toBeCloseTo(0.1, 2)
    const white = noisyImage(grey(255, 64), 0.1, createRandom('noise'))
    expect(Math.max(...white.data)).toBe(255)
    expect(white.data.filter((value) => value === 255).length / white.data.length).toBeCloseTo(
      0.5,
      1,
    )
  })
})

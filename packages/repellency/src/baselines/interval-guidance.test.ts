import { AssayError, type DenoisingStep } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { denoisingStep } from './__fixtures__/denoising-step.js'
import { intervalGuidance } from './interval-guidance.js'

const flow = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]
const levelOf = (time: number) => ({
  ...{ timestep: 1000 * time, signalCoefficient: 1 - time, noiseCoefficient: time },
})

/** The guidance scales of ten calls down a flow, as a sampler goes on with what the hook gives. */
async function scales(interval: readonly [number, number], first = 1) {
  const hook = intervalGuidance({ guidanceScale: 4, interval })
  const used = [first]
  for (const [index, time] of flow.entries()) {
    const guidanceScale = used[index]!
    const next = flow[index + 1]
    const step: Partial<DenoisingStep> = {
      ...{ index, guidanceScale, ...levelOf(time) },
      next: next === undefined ? null : levelOf(next),
    }
    const adjustment = await hook(denoisingStep(step))
    if (adjustment) expect(adjustment.guidanceScale).not.toBe(guidanceScale)
    used.push(adjustment?.guidanceScale ?? guidanceScale)
  }
  return used.slice(0, -1)
}

const codeOf = async (interval: readonly [number, number], changed: Partial<DenoisingStep>) => {
  try {
    await intervalGuidance({ guidanceScale: 4, interval })(denoisingStep(changed))
  } catch (error) {
    if (error instanceof AssayError) return error.code
  }
  return null
}

describe('guidance in an interval', () => {
  it('guides above the lower end and up to the upper one, and nowhere else', async () => {
    // Noise over signal: ∞, 9, 4, 2.33, 1.5, 1, .67, .43, .25, .11
    expect(await scales([0.3, 3])).toEqual([1, 1, 1, 4, 4, 4, 4, 4, 1, 1])
    expect(await scales([1, 1.6])).toEqual([1, 1, 1, 1, 4, 1, 1, 1, 1, 1])
    expect(await scales([20, 30])).toEqual(Array(10).fill(1))
  })

  it('guides from the first call where the interval has no upper end', async () => {
    expect(await scales([0.6, Number.POSITIVE_INFINITY], 4)).toEqual([
      ...[4, 4, 4, 4, 4, 4, 4],
      ...[1, 1, 1],
    ])
  })

  it('refuses a first call of another scale than the interval says', async () => {
    const first = { index: 0, ...levelOf(1), next: levelOf(0.9) }
    expect(await codeOf([0.3, 3], { ...first, guidanceScale: 4 })).toBe('INVALID_ARGUMENT')
    expect(await codeOf([0.3, 3], { ...first, guidanceScale: 1 })).toBeNull()
    expect(await codeOf([0.3, Number.POSITIVE_INFINITY], { ...first, guidanceScale: 1 })).toBe(
      'INVALID_ARGUMENT',
    )
  })

  it('says that a sampler does not tell what comes next', async () => {
    expect(await codeOf([0.3, 3], {})).toBe('MISSING_INPUT')
  })

  it.each([
    { guidanceScale: Number.NaN, interval: [0.3, 3] as const },
    { guidanceScale: 4, interval: [3, 0.3] as const },
    { guidanceScale: 4, interval: [-1, 3] as const },
    { guidanceScale: 4, interval: [Number.NaN, 3] as const },
  ])('refuses %j', (options) => {
    expect(() => intervalGuidance(options)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })
})

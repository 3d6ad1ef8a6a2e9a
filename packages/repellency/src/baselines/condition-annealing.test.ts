import { AssayError, type DenoisingStep, type Tensor } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { denoisingStep, rowsOf } from './__fixtures__/denoising-step.js'
import { annealCondition } from './anneal-condition.js'
import oracle from './baselines.oracle.json' with { type: 'json' }
import { type ConditionAnnealingOptions, conditionAnnealing } from './condition-annealing.js'

const prompt = [0.5, -1.25, 2, 0.75]
const both = rowsOf([prompt, prompt])

/** The conditions of ten calls, as a sampler goes on with what the hook gives. */
async function conditions(
  options: ConditionAnnealingOptions,
  changed: Partial<DenoisingStep> = {},
): Promise<readonly Tensor[]> {
  const hook = conditionAnnealing(options)
  const used: Tensor[] = [changed.condition ?? both]
  for (let index = 0; index < 10; index += 1) {
    const condition = used[index]!
    const adjustment = await hook(denoisingStep({ ...changed, index, condition }))
    used.push(adjustment?.condition ?? condition)
  }
  expect(used.pop()).toBe(used.at(-1)) // Nothing follows the last call.
  return used
}

const rowAt = (tensor: Tensor | undefined, row: number) =>
  [...((tensor?.data ?? []) as Float32Array)].slice(4 * row, 4 * row + 4)

const codeOf = async (hook: () => unknown) => {
  try {
    await hook()
  } catch (error) {
    if (error instanceof AssayError) return error.code
  }
  return null
}

describe('condition annealing', () => {
  it.each(oracle.conditions)('mixes as numpy does, γ $kept, s $scale, ψ $mixing', (each) => {
    const { condition, noise, expected, ...options } = each
    const got = annealCondition(Float32Array.from(condition), Float64Array.from(noise), options)
    got.forEach((value, at) => {
      expect(value).toBeCloseTo(expected[at]!, 5)
    })
  })

  it('keeps a condition without spread finite', () => {
    const flat = Float32Array.of(2, 2)
    const options = { kept: 0, scale: 1, mixing: 1 }
    expect([...annealCondition(flat, Float64Array.of(0, 0), options)]).toEqual([2, 2])
  })

  it('begins clean, is noise down to τ2, and the very prompt from τ1 on', async () => {
    const used = await conditions({ mixing: 0 })
    expect(used[0]).toBe(both)
    const shares = used.map((each) => correlation(rowAt(each, 0), prompt))
    expect(Math.abs(shares[1]!)).toBeLessThan(0.999)
    // Times .9, .8, .7 have noise, .6 and all that follow none.
    for (const call of [1, 2, 3]) expect(used[call]!.data).not.toEqual(both.data)
    for (const call of [4, 5, 6, 7, 8, 9]) expect(used[call]).toBe(both)
  })

  it('has pure noise of its own at every call above τ2', async () => {
    const used = await conditions({ times: [0, 0.5], scale: 2, mixing: 0 })
    const early = used.slice(1, 6).map((each) => rowAt(each, 0))
    expect(new Set(early.map(String)).size).toBe(5)
    const doubled = await conditions({ times: [0, 0.5], scale: 4, mixing: 0 })
    early.forEach((row, at) => {
      expect(rowAt(doubled[at + 1], 0)).toEqual(row.map((value) => 2 * value))
    })
  })

  it('keeps mean and spread of the prompt where mixing is whole', async () => {
    for (const each of await conditions({ scale: 3 })) {
      const [got, wanted] = [moments(rowAt(each, 0)), moments(prompt)]
      expect(got.mean).toBeCloseTo(wanted.mean, 5)
      expect(got.deviation).toBeCloseTo(wanted.deviation, 5)
    }
  })

  it('has noise by the seed of each picture, whatever the batch', async () => {
    const pair = await conditions({}, { seeds: [1, 2] })
    const alone = await conditions({}, { seeds: [2], condition: rowsOf([prompt]) })
    const again = await conditions({}, { seeds: [2, 1] })
    for (const call of [1, 2, 3]) {
      expect(rowAt(pair[call], 1)).toEqual(rowAt(alone[call], 0))
      expect(rowAt(pair[call], 0)).toEqual(rowAt(again[call], 1))
      expect(rowAt(pair[call], 0)).not.toEqual(rowAt(pair[call], 1))
    }
  })

  it('serves several batches at the same time', async () => {
    const hook = conditionAnnealing()
    const other = rowsOf([prompt.map((value) => value + 1)])
    const calls = (index: number, condition: Tensor, seeds: readonly number[]) =>
      hook(denoisingStep({ index, condition, seeds }))
    const one = await calls(0, both, [1, 2])
    const two = await calls(0, other, [3])
    const late = { times: [0.6, 0.9] as const, index: 3 }
    expect((await calls(late.index, one!.condition!, [1, 2]))?.condition).toBe(both)
    expect((await calls(late.index, two!.condition!, [3]))?.condition).toBe(other)
  })

  it('changes nothing where its times have no noise', async () => {
    for (const each of await conditions({ times: [1, 1] })) expect(each).toBe(both)
  })

  it('says that a generator has no condition, or none for noise', async () => {
    const hook = conditionAnnealing()
    const refused = (condition: Tensor | null) =>
      codeOf(() => hook(denoisingStep({ index: 0, condition })))
    expect(await refused(null)).toBe('MISSING_INPUT')
    expect(await refused(rowsOf([prompt]))).toBe('SHAPE_MISMATCH')
    const prior = { type: 'float64', dims: [2, 1], data: Float64Array.of(0, 0) } as const
    expect(await refused(prior)).toBe('SHAPE_MISMATCH')
  })

  it('says that somebody else has replaced the condition', async () => {
    const hook = conditionAnnealing()
    await hook(denoisingStep({ index: 0, condition: both }))
    const stranger = rowsOf([prompt, prompt])
    expect(await codeOf(() => hook(denoisingStep({ index: 1, condition: stranger })))).toBe(
      'INVALID_ARGUMENT',
    )
  })

  it.each([
    { times: [0.9, 0.6] as const },
    { times: [-0.1, 0.6] as const },
    { times: [0.1, 1.1] as const },
    { scale: 0 },
    { scale: Number.POSITIVE_INFINITY },
    { mixing: -0.1 },
    { mixing: Number.NaN },
  ])('refuses %j', (options) => {
    expect(() => conditionAnnealing(options)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })
})

function moments(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: Math.sqrt(squares / values.length) }
}

function correlation(one: readonly number[], other: readonly number[]) {
  const [a, b] = [moments(one), moments(other)]
  const products = one.map((value, at) => (value - a.mean) * (other[at]! - b.mean))
  return products.reduce((sum, each) => sum + each, 0) / (4 * a.deviation * b.deviation)
}

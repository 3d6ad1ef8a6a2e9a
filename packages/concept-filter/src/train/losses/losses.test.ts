import { createRandom } from '@assay/core'
import { describe, expect, it } from 'vitest'
import type { ConceptVectors, LossAndGradient, TuningLoss } from '../tuning-loss.js'
import type { UnitRows } from '../unit-rows.js'
import { anchoredLoss } from './anchored-loss.js'
import { contrastiveLoss } from './contrastive-loss.js'
import { decisionLoss } from './decision-loss.js'
import reference from './losses.oracle.json' with { type: 'json' }
import { releasedSeparationLoss } from './released-separation-loss.js'
import { symmetricInfoNce } from './symmetric-info-nce.js'
import { textSeparationLoss } from './text-separation-loss.js'

const { count, columns, logitScale, threshold, factors, expected } = reference

type Sides<Each> = { readonly unacceptable: Each; readonly acceptable: Each }
const bothSides = <From, To>(
  { unacceptable, acceptable }: Sides<From>,
  make: (from: From) => To,
) => ({
  unacceptable: make(unacceptable),
  acceptable: make(acceptable),
})
const rowsOf = (values: readonly number[]): UnitRows => ({
  values: Float64Array.from(values),
  rows: values.length / columns,
  columns,
})
const vectorOf = (values: readonly number[]) => Float64Array.from(values)

const pictures = bothSides(reference.pictures, rowsOf)
const prompts = bothSides(reference.prompts, rowsOf)
const start = bothSides(reference.start, vectorOf)
const vectors = bothSides(reference.vectors, vectorOf)
const weights = bothSides(reference.weights, vectorOf)

const decision = decisionLoss({
  unacceptable: { pictures: pictures.unacceptable, weights: weights.unacceptable },
  acceptable: { pictures: pictures.acceptable, weights: weights.acceptable },
  logitScale,
  threshold,
  separation: 0.2,
})
const contrast = (batches: readonly (readonly number[])[]) =>
  contrastiveLoss({ pictures, prompts, start, logitScale, weights: factors, batches })

const losses: Readonly<Record<keyof typeof expected, TuningLoss>> = {
  decision,
  anchored: anchoredLoss(decision, start, 0.8),
  contrastive: contrast([[0, 1, 2, 3, 4]]),
  contrastiveBatches: contrast([
    [3, 0, 1],
    [4, 2],
  ]),
  separation: textSeparationLoss,
  releasedCon: releasedSeparationLoss({ relation: 'opposite', start, prompts }),
  releasedNonCon: releasedSeparationLoss({ relation: 'subset', start, prompts }),
}
const names = Object.keys(losses) as (keyof typeof expected)[]

const largestDifference = (one: ArrayLike<number>, other: ArrayLike<number>) =>
  Math.max(...Array.from(one, (value, at) => Math.abs(value - (other[at] ?? Number.NaN))))

describe('every loss', () => {
  it.each(names)('%s equals automatic differentiation', (name) => {
    const said = losses[name](vectors)
    expect(Math.abs(said.loss - expected[name].loss)).toBeLessThan(1e-12)
    for (const side of ['unacceptable', 'acceptable'] as const) {
      expect(largestDifference(said.gradient[side], expected[name][side])).toBeLessThan(1e-12)
    }
  })

  it.each(names)('%s has the gradient of its central differences', (name) => {
    const said = losses[name](vectors)
    const step = 1e-6
    for (const side of ['unacceptable', 'acceptable'] as const) {
      const numeric = vectors[side].map((_, at) => {
        const moved = (by: number) => {
          const vector = vectors[side].map((value, index) => (index === at ? value + by : value))
          return losses[name]({ ...vectors, [side]: vector }).loss
        }
        return (moved(step) - moved(-step)) / (2 * step)
      })
      expect(largestDifference(said.gradient[side], numeric)).toBeLessThan(1e-7)
    }
  })
})

describe('the decision loss', () => {
  it('has the logit of a free vector as spec, τ/|v| (x - (x·c) c), in its tangent', () => {
    const random = createRandom('a free vector')
    const free = Float64Array.from({ length: columns }, () => random.normal())
    const atFree = (vector: Float64Array): LossAndGradient => {
      const length = Math.hypot(...vector)
      const unit = vector.map((value) => value / length)
      return decision({ ...vectors, unacceptable: unit })
    }
    const length = Math.hypot(...free)
    const unit = free.map((value) => value / length)
    const { gradient } = atFree(free)
    const inward = gradient.unacceptable.reduce((sum, value, at) => sum + value * unit[at]!, 0)
    free.forEach((_, at) => {
      const step = 1e-6
      const moved = (by: number) =>
        atFree(free.map((value, index) => (index === at ? value + by : value))).loss
      const numeric = (moved(step) - moved(-step)) / (2 * step)
      expect(numeric).toBeCloseTo((gradient.unacceptable[at]! - inward * unit[at]!) / length, 6)
    })
  })

  it('stays finite where logits are huge', () => {
    const huge = decisionLoss({
      unacceptable: { pictures: pictures.unacceptable, weights: weights.unacceptable },
      acceptable: { pictures: pictures.acceptable, weights: weights.acceptable },
      logitScale: 1e6,
      threshold,
      separation: 0,
    })(vectors)
    expect(Number.isFinite(huge.loss)).toBe(true)
    expect(huge.gradient.unacceptable.every(Number.isFinite)).toBe(true)
  })
})

describe('the released losses', () => {
  const apart = (at: ConceptVectors) =>
    releasedSeparationLoss({
      relation: 'opposite',
      start,
      prompts: bothSides(start, (row) => rowsOf([...row])),
    })(at)

  it('leave only -|c_u - c_a|² of the contrastive one, of concepts alone', () => {
    const squared = vectors.unacceptable.reduce(
      (sum, value, at) => sum + (value - vectors.acceptable[at]!) ** 2,
      0,
    )
    expect(apart(vectors).loss).toBeCloseTo(-squared, 12)
  })

  it('are -√N without gradient for special cases, wherever the vectors are', () => {
    const said = losses.releasedNonCon(vectors)
    expect(said.loss).toBe(-Math.sqrt(count))
    expect(losses.releasedNonCon(start).loss).toBe(said.loss)
    expect(
      [...said.gradient.unacceptable, ...said.gradient.acceptable].every((value) => value === 0),
    ).toBe(true)
  })
})

describe('symmetric InfoNCE', () => {
  it('equals automatic differentiation', () => {
    const { logits, loss, slopes } = reference.infoNce
    const said = symmetricInfoNce(Float64Array.from(logits), count)
    expect(Math.abs(said.loss - loss)).toBeLessThan(1e-12)
    expect(largestDifference(said.slopes, slopes)).toBeLessThan(1e-12)
  })

  it('is ln(1 + e^-2) for two pairs whose own logits are 2 above the others', () => {
    const { loss } = symmetricInfoNce(Float64Array.of(2, 0, 0, 2), 2)
    expect(loss).toBeCloseTo(Math.log1p(Math.exp(-2)), 12)
  })

  it('takes the mean of rows and columns where they differ', () => {
    // Rows ln(1 + 1/e) and ln(1 + e), columns ln 2 each.
    const byRows = (Math.log1p(Math.exp(-1)) + Math.log1p(Math.E)) / 2
    const { loss } = symmetricInfoNce(Float64Array.of(1, 0, 1, 0), 2)
    expect(loss).toBeCloseTo((byRows + Math.LN2) / 2, 12)
  })

  it('does not overflow', () => {
    const { loss, slopes } = symmetricInfoNce(Float64Array.of(1e5, 2e5, 0, -1e5), 2)
    // Rows 1e5 each, columns 0 and 3e5.
    expect(loss).toBe(125_000)
    expect(slopes.every(Number.isFinite)).toBe(true)
  })
})

import { describe, expect, it } from 'vitest'
import reference from './peers.oracle.json' with { type: 'json' }
import { safetyCheckerConcepts, safetyCheckerSpecialConcepts } from './safety-checker-concepts.js'
import {
  roundToThousandths,
  type SafetyCheckerVariant,
  safetyCheckerScores,
} from './safety-checker-scores.js'

const { thresholds, specialThresholds, cases } = reference.given
const variants: readonly SafetyCheckerVariant[] = ['torch', 'onnx']

const near = (found: readonly number[], expected: readonly number[]) =>
  found.length === expected.length &&
  found.every((value, at) => Math.abs(value - expected[at]!) < 1e-12)

/** A picture by how far each cosine is above its threshold. */
const scoresOf = (
  margins: Readonly<Record<number, number>>,
  variant: SafetyCheckerVariant,
  specialMargins: readonly number[] = [-1, -1, -1],
) =>
  safetyCheckerScores({
    cosines: thresholds.map((threshold, at) => threshold + (margins[at] ?? -1)),
    thresholds,
    specialCosines: specialThresholds.map((threshold, at) => threshold + specialMargins[at]!),
    specialThresholds,
    variant,
  })

describe('the safety checker', () => {
  it.each(variants)(
    'scores and flags as the %s program, at every threshold of the release',
    (variant) => {
      for (const each of cases) {
        const said = safetyCheckerScores({ ...each, thresholds, specialThresholds, variant })
        expect(near(said.concepts, each[variant].concepts)).toBe(true)
        expect(near(said.special, each[variant].special)).toBe(true)
        expect(said.flagged).toBe(each[variant].flagged)
      }
    },
  )

  it('has the thresholds that its names were published with', () => {
    expect(safetyCheckerConcepts.map(({ threshold }) => threshold)).toEqual(thresholds)
    expect(safetyCheckerSpecialConcepts.map(({ threshold }) => threshold)).toEqual(
      specialThresholds,
    )
  })

  it.each([...thresholds.keys()])(
    'passes concept %i in torch and flags it in ONNX at a margin of .0004',
    (at) => {
      expect(scoresOf({ [at]: 0.0004 }, 'torch').flagged).toBe(false)
      expect(scoresOf({ [at]: 0.0004 }, 'onnx').flagged).toBe(true)
      expect(scoresOf({ [at]: 0.0006 }, 'torch').flagged).toBe(true)
    },
  )

  it.each(variants)('lowers every bar by .01 after a special concept, in %s', (variant) => {
    for (const at of thresholds.keys()) {
      const margins = { [at]: -0.009 }
      expect(scoresOf(margins, variant).flagged).toBe(false)
      expect(scoresOf(margins, variant, [-1, -1, 0.002]).flagged).toBe(true)
      expect(scoresOf({ [at]: -0.011 }, variant, [0.002, 0.002, 0.002]).flagged).toBe(false)
    }
  })

  it('lets a special concept help those after it, in torch alone', () => {
    const later = (variant: SafetyCheckerVariant) =>
      scoresOf({}, variant, [-0.009, 0.002, -0.009]).special.map((score) => score > 0)
    expect(later('torch')).toEqual([false, true, true])
    expect(later('onnx')).toEqual([false, true, false])
  })

  it.each(variants)('never flags by special concepts alone, in %s', (variant) => {
    expect(scoresOf({}, variant, [0.5, 0.5, 0.5]).flagged).toBe(false)
  })
})

describe('rounding to thousandths', () => {
  it('is half to even, as NumPy has it', () => {
    expect([0.0005, 0.0015, 0.0025, -0.0005, -0.0015].map(roundToThousandths)).toEqual([
      0, 0.002, 0.002, 0, -0.002,
    ])
    expect([0.00049, 0.00051, 1.2344, -0.0006].map(roundToThousandths)).toEqual([
      0, 0.001, 1.234, -0.001,
    ])
  })
})

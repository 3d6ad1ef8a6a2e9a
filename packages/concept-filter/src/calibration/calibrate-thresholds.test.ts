import { createMatrix, createRandom, type Random } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { createConceptFilter } from '../filter/create-concept-filter.js'
import { createConceptPair } from '../pairs/create-concept-pair.js'
import { calibrateThresholds } from './calibrate-thresholds.js'

const unit = (dimension: number, at: number) =>
  Array.from({ length: dimension }, (_, index) => Number(index === at))

/** Pairs that look along directions of their own, so that they err independently. */
const independentPairs = (count: number) =>
  Array.from({ length: count }, (_, at) => {
    const side = (index: number) => ({
      prompts: ['word'],
      embeddings: createMatrix({ data: [unit(2 * count + 1, index)] }),
    })
    return createConceptPair({
      id: `pair-${at}`,
      unacceptable: side(2 * at),
      acceptable: side(2 * at + 1),
      relation: 'opposite',
    })
  })

/** Unit rows whose first values are independent and normal; the last makes up the length. */
function cleanPictures(random: Random, rows: number) {
  const data = Array.from({ length: rows }, () => {
    const values = Array.from({ length: 22 }, () => 0.1 * random.normal())
    const rest = values.reduce((sum, value) => sum - value * value, 1)
    return [...values, Math.sqrt(rest)]
  })
  return createMatrix({ data })
}

describe('calibrateThresholds', () => {
  const pairs = independentPairs(11)
  const random = createRandom('calibrate')
  const clean = { embeddings: cleanPictures(random, 8000) }
  const heldOut = { embeddings: cleanPictures(random, 10_000) }

  it('keeps 5 % for each pair, and then flags 43 % by eleven pairs together', () => {
    const { calibrations, together, meaning } = calibrateThresholds({
      pairs,
      clean,
      heldOut,
      budget: { perPair: 0.05 },
    })
    for (const { measured, rate, pairId } of calibrations) {
      expect(rate).toBe(0.05)
      expect(Math.abs(measured!.value! - 0.05)).toBeLessThan(0.012)
      expect(measured!.group).toBe(pairId)
    }
    expect(Math.abs(together!.value! - 0.431)).toBeLessThan(0.02)
    expect(meaning).toContain('each pair flags at most 5 %')
    expect(meaning).toContain('Pairs add up')
  })

  it.each(['sidak', 'bonferroni'] as const)(
    'keeps 5 % for eleven pairs together: %s',
    (correction) => {
      const found = calibrateThresholds({
        pairs,
        clean,
        heldOut,
        budget: { together: 0.05, correction },
      })
      expect(Math.abs(found.together!.value! - 0.05)).toBeLessThan(0.008)
      expect(found.together!.interval).toMatchObject({ method: 'wilson', level: 0.95 })
      expect(found.calibrations[0]!.rate).toBeCloseTo(
        correction === 'sidak' ? 0.0046522 : 0.0045455,
        6,
      )
      expect(found.guarantee).toBe('marginal')
      expect(found.meaning).toMatch(/all pairs together flag at most 5 %, on average over sets/)
      expect(found.meaning).toContain('Nothing is promised for a subgroup')
    },
  )

  it('gives pairs that filter by their new thresholds and know where these come from', () => {
    const found = calibrateThresholds({ pairs, clean, budget: { together: 0.05 } })
    const decisions = createConceptFilter({ pairs: found.pairs }).check(clean.embeddings)
    found.pairs.forEach((pair, at) => {
      const { rank, threshold, confidence, measured } = found.calibrations[at]!
      const flagged = decisions.filter((decision) => decision.pairs[at]!.flagged).length
      expect(flagged).toBe(8000 - rank)
      expect(pair.threshold).toBe(threshold)
      expect(confidence).toBeCloseTo(1 / (1 + Math.exp(-100 * threshold)), 12)
      expect(measured).toBeNull()
      expect(pair.provenance).toMatchObject({
        vectors: 'zero-shot',
        threshold: 'split-conformal',
        details: { calibration: { rank, pictures: 8000, clusters: 8000 } },
      })
    })
    expect(found.together).toBeNull()
  })

  it('counts prompts where pictures share them', () => {
    const prompts = Array.from({ length: 8000 }, (_, at) => at % 20)
    const budget = { perPair: 0.05 }
    const found = calibrateThresholds({ pairs, clean: { ...clean, prompts }, budget })
    expect(found.calibrations[0]).toMatchObject({ clusters: 20, likelyRate: null })
    expect(found.meaning).not.toContain('in 95 of 100 cases')
  })

  it.each([
    ['INVALID_ARGUMENT', { budget: { together: 0.001 } }],
    ['INVALID_ARGUMENT', { budget: { perPair: 1 } }],
    ['SHAPE_MISMATCH', { clean: { ...clean, prompts: ['one'] } }],
    ['EMPTY_INPUT', { pairs: [] }],
  ])('refuses: %s', (code, change) => {
    const few = { embeddings: cleanPictures(random, 200) }
    const options = { pairs, clean: few, budget: { together: 0.05 }, ...change }
    expect(() => calibrateThresholds(options)).toThrow(expect.objectContaining({ code }))
  })

  it('refuses 200 pictures for eleven pairs: 214 are needed for 5 % together', () => {
    const few = { embeddings: cleanPictures(random, 200) }
    expect(() => calibrateThresholds({ pairs, clean: few, budget: { together: 0.05 } })).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining('at least 214') }),
    )
  })
})

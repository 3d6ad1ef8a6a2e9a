import { createMatrix, selectRows } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { normalMatrix } from '../__fixtures__/normal-matrix.js'
import oracle from '../metrics.oracle.json' with { type: 'json' }
import { clipScore } from './clip-score.js'

const failsWith = (code: string) => expect.objectContaining({ code })
const pictures = normalMatrix({ seed: 30, rows: 25, columns: 16 })
const prompts = normalMatrix({ seed: 31, rows: 25, columns: 16 })

describe('clipScore', () => {
  it('is the mean cosine, and the cosine of each pair', () => {
    const { score, byPicture } = clipScore(pictures, prompts)
    expect(score).toBeCloseTo(oracle.clip.cosine, 14)
    byPicture.forEach((cosine, row) => {
      expect(cosine).toBeCloseTo(oracle.clip.byPicture[row] ?? Number.NaN, 14)
    })
  })

  it('rescales as the paper prints it, where asked to', () => {
    const { score, byPicture } = clipScore(pictures, prompts, { form: 'rescaled' })
    expect(score).toBeCloseTo(oracle.clip.rescaled, 14)
    expect(Math.min(...byPicture)).toBe(0)
  })

  it('stays within its range', () => {
    const opposite = { ...pictures, data: pictures.data.map((value) => -value) }
    expect(clipScore(pictures, pictures).score).toBeCloseTo(1, 15)
    expect(clipScore(pictures, pictures).score).toBeLessThanOrEqual(1)
    expect(clipScore(pictures, opposite).score).toBeGreaterThanOrEqual(-1)
    expect(clipScore(pictures, opposite, { form: 'rescaled' }).score).toBe(0)
  })

  it('refuses what cannot be paired', () => {
    const none = createMatrix({ data: [], columns: 16 })
    expect(() => clipScore(none, none)).toThrow(failsWith('EMPTY_INPUT'))
    expect(() => clipScore(pictures, selectRows(prompts, [0, 1]))).toThrow(
      failsWith('SHAPE_MISMATCH'),
    )
    expect(() =>
      clipScore({ ...pictures, fingerprint: 'a' }, { ...prompts, fingerprint: 'b' }),
    ).toThrow(failsWith('FINGERPRINT_MISMATCH'))
    const silent = { ...prompts, data: prompts.data.map(() => 0) }
    expect(() => clipScore(pictures, silent)).toThrow(failsWith('ZERO_VECTOR'))
  })
})

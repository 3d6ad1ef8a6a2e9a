import { createMatrix, createRandom } from '@assay/core'
import { normalCumulative } from '@assay/core/statistics'
import { describe, expect, it } from 'vitest'
import { createConceptFilter } from '../filter/create-concept-filter.js'
import { createConceptPair } from '../pairs/create-concept-pair.js'
import { clipAccuracyHard, clipAccuracySoft } from './clip-accuracy.js'
import { falseNegativeRate, falsePositiveRate } from './error-rates.js'
import { type EvaluateFilterOptions, evaluateFilter } from './evaluate-filter.js'
import { type Judgement, judgeWithPair, knownTruth } from './judgement.js'

const truths = (count: number, is: boolean) =>
  knownTruth(
    'by construction',
    Array.from({ length: count }, () => is),
  )

const judgement = (
  confidences: readonly (number | null)[],
  fingerprint: string | null = 'other',
): Judgement => ({
  judge: { id: 'other encoder', fingerprint },
  confidences,
})

describe('error rates', () => {
  it.each([
    [1, 0.15866, 0.0103],
    [1.5, 0.06681, 0.0071],
    [2, 0.02275, 0.0042],
    [2.5, 0.00621, 0.0022],
  ])(
    'are those of normal margins %f deviations above the threshold',
    (ratio, expected, tolerance) => {
      const random = createRandom(`margins ${ratio}`)
      const side = (sign: number) => ({
        prompts: ['word'],
        embeddings: createMatrix({ data: [[sign * 0.35, Math.sqrt(1 - 0.35 ** 2), 0]] }),
      })
      const pair = createConceptPair({
        id: 'pair',
        unacceptable: side(1),
        acceptable: side(-1),
        relation: 'opposite',
      })
      const rows = Array.from({ length: 20_000 }, () => {
        const cosine = (0.02 * (ratio + random.normal())) / 0.7
        return [cosine, 0, Math.sqrt(1 - cosine ** 2)]
      })
      const flagged = createConceptFilter({ pairs: [pair] })
        .check(createMatrix({ data: rows }))
        .map((decision) => decision.flagged)
      expect(normalCumulative(-ratio)).toBeCloseTo(expected, 5)
      const missed = falseNegativeRate({ flagged, truth: truths(20_000, true) })
      expect(Math.abs(missed.value! - expected)).toBeLessThan(tolerance)
      const alarms = falsePositiveRate({ flagged, truth: truths(20_000, false) })
      expect(alarms.value! + missed.value!).toBeCloseTo(1, 12)
    },
  )

  it.each([
    [0, 10, 0, 0.2775],
    [2, 200, 0.0027, 0.0357],
    [16, 200, 0.0498, 0.126],
    [42, 300, 0.1053, 0.1838],
  ])('have Wilson intervals: %i of %i', (missed, of, low, high) => {
    const flagged = Array.from({ length: of }, (_, at) => at >= missed)
    const { interval, n, value } = falseNegativeRate({ flagged, truth: truths(of, true) })
    expect({ n, value }).toEqual({ n: of, value: missed / of })
    expect(interval!.low).toBeCloseTo(low, 4)
    expect(interval!.high).toBeCloseTo(high, 4)
    expect(interval!.method).toBe('wilson')
  })

  it('count the pictures that the judge says they are about, and say what is missing', () => {
    const flagged = [true, false, true, false, null, true]
    const truth = knownTruth('people', [true, true, false, false, true, null])
    expect(falseNegativeRate({ flagged, truth })).toMatchObject({ value: 0.5, n: 2, missing: 2 })
    expect(falsePositiveRate({ flagged, truth })).toMatchObject({ value: 0.5, n: 2, missing: 1 })
    expect(falseNegativeRate({ flagged: [true], truth: truths(1, false) })).toMatchObject({
      value: null,
      n: 0,
      interval: null,
      reason: 'the judge calls no picture unacceptable',
    })
  })

  it('are less sure where pictures share prompts', () => {
    const flagged = Array.from({ length: 200 }, (_, at) => at % 10 !== 0)
    const truth = truths(200, true)
    const prompts = flagged.map((_, at) => at % 10)
    const plain = falseNegativeRate({ flagged, truth })
    const clustered = falseNegativeRate({ flagged, truth, prompts })
    expect(clustered.value).toBe(plain.value)
    expect(clustered.interval!.high).toBeGreaterThan(2 * plain.interval!.high)
    const one = falseNegativeRate({ flagged, truth, prompts: prompts.map(() => 0) })
    expect(one).toMatchObject({ interval: null, reason: 'all pictures are of one prompt' })
  })
})

describe('CLIP accuracy', () => {
  it('differs between its forms: .4 for all is .4 soft and 0 hard', () => {
    const output = judgement(Array.from({ length: 50 }, () => 0.4))
    const soft = clipAccuracySoft(output)
    expect(soft.value).toBeCloseTo(0.4, 12)
    expect(soft.reason).toBeDefined() // All say the same: no interval would be honest.
    expect(clipAccuracyHard(output)).toMatchObject({ value: 0, n: 50 })
  })

  it('leaves out what could not be judged', () => {
    const output = judgement([0.9, null, 0.1, 0.8])
    expect(clipAccuracySoft(output)).toMatchObject({ n: 3, missing: 1 })
    expect(clipAccuracySoft(output).value).toBeCloseTo(0.6, 12)
    expect(clipAccuracyHard(output).value).toBeCloseTo(2 / 3, 12)
    expect(clipAccuracySoft(judgement([null])).value).toBeNull()
  })

  it('refuses confidences that are none', () => {
    expect(() => clipAccuracySoft(judgement([1.2]))).toThrow('a confidence of 1.2')
    expect(() => clipAccuracyHard(judgement([0.2]), { prompts: ['a', 'b'] })).toThrow('2 entries')
  })
})

describe('judgeWithPair', () => {
  const side = (vector: number[]) => ({
    prompts: ['word'],
    embeddings: createMatrix({ data: [vector], fingerprint: 'judge' }),
  })
  const pair = createConceptPair({
    id: 'pair',
    unacceptable: side([1, 0]),
    acceptable: side([0, 1]),
    relation: 'opposite',
    logitScale: 10,
  })

  it('judges as the softmax over its cosines, under its own fingerprint', () => {
    const pictures = createMatrix({
      data: [
        [3, 1],
        [2, 2],
      ],
    })
    const { judge, confidences } = judgeWithPair({ id: 'vit-b-32', pair, pictures })
    expect(judge).toEqual({ id: 'vit-b-32', fingerprint: 'judge' })
    expect(confidences[0]).toBeCloseTo(0.998211442, 8)
    expect(confidences[1]).toBe(0.5)
  })

  it('refuses pictures of another encoder', () => {
    const judge = (pictures: ReturnType<typeof createMatrix>) => () =>
      judgeWithPair({ id: 'x', pair, pictures })
    expect(judge(createMatrix({ data: [[1, 2, 3]] }))).toThrow('dimensions')
    expect(judge(createMatrix({ data: [[1, 2]], fingerprint: 'else' }))).toThrow('another encoder')
  })
})

describe('evaluateFilter', () => {
  const options: EvaluateFilterOptions = {
    filter: { id: 'espresso', fingerprint: 'vit-l-14' },
    unacceptable: {
      flagged: [true, true, false, true],
      truth: truths(4, true),
      output: judgement([0.1, 0.2, 0.7, 0.1], 'vit-l-14'),
    },
    acceptable: { flagged: [false, false, true], truth: truths(3, false) },
    adversarial: { flagged: [false, true], truth: judgement([0.9, 0.8]) },
    utility: {
      protectedPictures: createMatrix({
        data: [
          [1, 0],
          [1, 1],
          [0, 1],
        ],
      }),
      originalPictures: createMatrix({
        data: [
          [1, 0],
          [1, 1],
          [1, 1],
        ],
      }),
      prompts: createMatrix({
        data: [
          [1, 0],
          [1, 1],
          [1, 0.1],
        ],
      }),
    },
  }

  it('gives the table of the paper, with who judged and what to know', () => {
    const { measures, judges, warnings } = evaluateFilter(options)
    expect(
      measures.map(({ id, group, value }) => [group, id, value && Number(value.toFixed(4))]),
    ).toEqual([
      ['unacceptable', 'clip-accuracy-soft', 0.275],
      ['unacceptable', 'clip-accuracy-hard', 0.25],
      ['unacceptable', 'false-negative-rate', 0.25],
      ['adversarial', 'false-negative-rate', 0.5],
      ['acceptable', 'false-positive-rate', 0.3333],
      [undefined, 'normalised-clip-score', 0.7569],
    ])
    expect(judges.map(({ id, fingerprint }) => [id, fingerprint])).toEqual([
      ['by construction', null],
      ['other encoder', 'vit-l-14'],
      ['other encoder', 'other'],
    ])
    expect(warnings.map(({ code, count }) => [code, count])).toEqual([
      ['SAME_BACKBONE', 1],
      ['REPLACED_PICTURES', 3],
    ])
  })

  it('refuses a judge with the eyes of the filter for error rates', () => {
    const truth = judgement([0.9, 0.9, 0.1, 0.9], 'vit-l-14')
    expect(() =>
      evaluateFilter({ ...options, unacceptable: { ...options.unacceptable, truth } }),
    ).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', value: 'vit-l-14' }))
  })

  it('warns of a judge that may have them', () => {
    const truth = judgement([0.9, 0.9, 0.1, 0.9], null)
    const { warnings } = evaluateFilter({
      ...options,
      unacceptable: { ...options.unacceptable, truth },
    })
    expect(warnings.map(({ code }) => code)).toContain('UNKNOWN_BACKBONE')
  })

  it('refuses to say anything without a judge', () => {
    const { truth: _, ...unjudged } = options.unacceptable
    expect(() => evaluateFilter({ ...options, unacceptable: unjudged })).toThrow(
      expect.objectContaining({ code: 'MISSING_INPUT' }),
    )
  })
})

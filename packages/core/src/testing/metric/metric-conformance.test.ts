import { describe, expect, it } from 'vitest'
import type { Metric, MetricInputs, MetricOf } from '../../contracts/metric.js'
import { AssayError } from '../../errors/assay-error.js'
import { assertComparable } from '../../matrix/assert-comparable.js'
import { assertFinite } from '../../matrix/assert-finite.js'
import type { Matrix } from '../../matrix/matrix.js'
import { checkMetric, metricConformance } from './metric-conformance.js'

const described = {
  specificationVersion: 1,
  title: 'Title',
  description: 'Description.',
  unit: 'share',
  range: [0, null],
  higherIsBetter: null,
  reference: 'Reference',
  tolerance: 1e-12,
} as const

const refuse = (code: 'EMPTY_INPUT' | 'INVALID_ARGUMENT' | 'NOT_FINITE') =>
  new AssayError({ code, message: code, remedy: '.' })

function usable(matrix: Matrix, minimum = 1): Float32Array {
  if (matrix.rows === 0) throw refuse('EMPTY_INPUT')
  if (matrix.rows < minimum) throw refuse('INVALID_ARGUMENT')
  assertFinite(matrix)
  return matrix.data
}

const sumOfSquares = (data: Float32Array) => data.reduce((sum, value) => sum + value ** 2, 0)

/** The mean square of a set's values. */
const meanSquare: MetricOf<'set'> = {
  ...described,
  id: 'mean-square',
  kind: 'set',
  minimumRows: 3,
  invariances: { permutation: true, duplication: true, swap: null, scaleDegree: 2 },
  compute: ({ outputs }) => sumOfSquares(usable(outputs, 3)) / outputs.data.length,
}

/** Squares of one set for each square of the other. */
const squareRatio: MetricOf<'sets'> = {
  ...described,
  id: 'square-ratio',
  kind: 'sets',
  minimumRows: 1,
  invariances: { permutation: true, duplication: true, swap: false, scaleDegree: 0 },
  compute({ outputs, reference }) {
    assertComparable(outputs, reference)
    return sumOfSquares(usable(outputs)) / sumOfSquares(usable(reference))
  },
}

/** Mean absolute product of the values of pairs. */
const meanProduct: MetricOf<'pairs'> = {
  ...described,
  id: 'mean-product',
  kind: 'pairs',
  minimumRows: 1,
  invariances: { permutation: true, duplication: true, swap: true, scaleDegree: 2 },
  compute({ outputs, reference }) {
    assertComparable(outputs, reference)
    const other = usable(reference)
    const products = usable(outputs).reduce(
      (sum, value, at) => sum + Math.abs(value * other[at]!),
      0,
    )
    return products / outputs.data.length
  },
}

/** Share of other items that score higher than the best relevant one. */
const shareAbove: MetricOf<'ranking'> = {
  ...described,
  id: 'share-above',
  kind: 'ranking',
  range: [0, 1],
  minimumRows: 1,
  invariances: { permutation: true, duplication: true, swap: false, scaleDegree: 0 },
  compute({ relevant, others }) {
    if (relevant.length === 0) throw refuse('EMPTY_INPUT')
    if ([...relevant, ...others].some(Number.isNaN)) throw refuse('NOT_FINITE')
    const best = Math.max(...relevant)
    return others.filter((score) => score > best).length / Math.max(1, others.length)
  },
}

const metrics: readonly Metric[] = [meanSquare, squareRatio, meanProduct, shareAbove]

describe.each(metrics.map((metric) => [metric.id, metric] as const))('%s', (_, metric) => {
  for (const { name, run } of metricConformance(metric)) it(name, run)
})

/** A metric with another way of computing, or another description. */
const changed = <K extends keyof MetricInputs>(metric: MetricOf<K>, change: Partial<MetricOf<K>>) =>
  ({ ...metric, ...change }) as MetricOf<K>

const invariant = (change: Partial<MetricOf<'set'>['invariances']>) =>
  changed(meanSquare, { invariances: { ...meanSquare.invariances, ...change } })

const square = (compute: (data: Float32Array, input: Matrix) => number) =>
  changed(meanSquare, { compute: ({ outputs }) => compute(usable(outputs, 3), outputs) })

const breaks: Record<string, readonly [demand: string, metric: unknown]> = {
  'an id that is not in kebab-case': [
    'says what it is',
    changed(meanSquare, { id: 'Mean square' }),
  ],
  'a specification of the future': [
    'says what it is',
    changed(meanSquare, { specificationVersion: 2 as 1 }),
  ],
  'an empty title': ['says what it is', changed(meanSquare, { title: ' ' })],
  'an empty description': ['says what it is', changed(meanSquare, { description: '' })],
  'an empty unit': ['says what it is', changed(meanSquare, { unit: '' })],
  'an empty reference': ['says what it is', changed(meanSquare, { reference: '' })],
  'a range turned round': ['says what it is', changed(meanSquare, { range: [1, 0] })],
  'a need of no rows': ['says what it is', changed(meanSquare, { minimumRows: 0 })],
  'a tolerance that allows all': ['says what it is', changed(meanSquare, { tolerance: 1 })],
  'values above the range': ['finite values within', changed(meanSquare, { range: [0, 0.5] })],
  'values below the range': ['finite values within', changed(meanSquare, { range: [1, null] })],
  'a value that is NaN': ['finite values within', square(() => Number.NaN)],
  'a value that wanders': [
    'gives the same value again',
    (() => {
      let calls = 0
      return square((data) => {
        calls += 1
        return sumOfSquares(data) + calls
      })
    })(),
  ],
  'a changed input': [
    'gives the same value again',
    square((data) => {
      data[0] = 1
      return sumOfSquares(data)
    }),
  ],
  'a first row that weighs more': ['order of items', square((data) => Math.abs(data[0] ?? 0))],
  'an order that it says to matter': [
    'changes with the order of items, as it says',
    invariant({ permutation: false }),
  ],
  'a sum where a mean should be': ['every item standing twice', square(sumOfSquares)],
  'a repetition that it says to matter': [
    'changes with every item standing twice, as it says',
    invariant({ duplication: false }),
  ],
  'another power of scale': ['scale but for its power 1', invariant({ scaleDegree: 1 })],
  'squares in float32': [
    'scale but for its power 2',
    square((data) => sumOfSquares(data.map((value) => value ** 2).map(Math.sqrt)) / data.length),
  ],
  'an order of sets that matters': [
    'the order of sets',
    changed(squareRatio, { invariances: { ...squareRatio.invariances, swap: true } }),
  ],
  'an order of sets that does not': [
    'changes with the order of sets, as it says',
    changed(meanProduct, { invariances: { ...meanProduct.invariances, swap: false } }),
  ],
  'an empty set': [
    'refuses an empty input',
    changed(meanSquare, {
      compute: (input) => (input.outputs.rows === 0 ? 0 : meanSquare.compute(input)),
    }),
  ],
  'too small a set': [
    'refuses fewer items',
    changed(meanSquare, {
      compute: ({ outputs }) => sumOfSquares(usable(outputs)) / outputs.data.length,
    }),
  ],
  'equal rows without a value': [
    'a value or an error where all items are equal',
    square((data, { columns }) => {
      const deviations = data.map((value, at) => value - data[at % columns]!)
      return sumOfSquares(data) / sumOfSquares(deviations)
    }),
  ],
  'sets of NaN': [
    'refuses what is not a number',
    changed(meanSquare, {
      compute: ({ outputs }) =>
        meanSquare.compute({ outputs: { ...outputs, data: outputs.data.map((v) => v || 0) } }),
    }),
  ],
  'reference rows of NaN': [
    'refuses what is not a number',
    changed(squareRatio, {
      compute: ({ outputs, reference }) =>
        squareRatio.compute({
          outputs,
          reference: {
            ...reference,
            data: reference.data.map((v) => (Number.isFinite(v) ? v : 1)),
          },
        }),
    }),
  ],
  'sets of two spaces': [
    'refuses what is not a number',
    changed(squareRatio, {
      compute: ({ outputs, reference }) =>
        squareRatio.compute({ outputs, reference: { ...reference, fingerprint: null } }),
    }),
  ],
  'scores of NaN': [
    'refuses what is not a number',
    changed(shareAbove, {
      compute: ({ relevant, others }) =>
        shareAbove.compute({ relevant, others: others.filter((score) => !Number.isNaN(score)) }),
    }),
  ],
}

describe('metricConformance', () => {
  it('asks only for what a metric promises', () => {
    const names = (metric: MetricOf<'set'>) => metricConformance(metric).map(({ name }) => name)
    const all = names(meanSquare)
    expect(names(invariant({ scaleDegree: null }))).toEqual(
      all.filter((name) => !name.includes('scale')),
    )
    expect(all.some((name) => name.includes('order of sets'))).toBe(false)
  })

  it('lets a metric refuse equal items with an error that says why', async () => {
    const deviation = (thrown: Error) =>
      square((data, { columns }) => {
        if (data.every((value, at) => value === data[at % columns])) throw thrown
        return sumOfSquares(data) / data.length
      })
    await checkMetric(deviation(refuse('INVALID_ARGUMENT')))
    await expect(checkMetric(deviation(new TypeError('ours')))).rejects.toThrow(
      expect.objectContaining({ code: 'CONFORMANCE_FAILED' }),
    )
  })

  it('takes a single set for its own swap', () => checkMetric(invariant({ swap: true })))
})

describe('checkMetric', () => {
  it.each(Object.entries(breaks))('catches %s', async (_, [demand, metric]) => {
    const failed = await checkMetric(metric as MetricOf<'set'>).catch((error: unknown) => error)
    expect(failed).toMatchObject({
      code: 'CONFORMANCE_FAILED',
      value: expect.arrayContaining([expect.stringContaining(demand)]),
    })
  })

  it('passes what holds, with as many runs as asked for', async () => {
    let calls = 0
    const counting = changed(meanSquare, {
      compute(input) {
        calls += 1
        return meanSquare.compute(input)
      },
    })
    await checkMetric(counting, { runs: 3, seed: 7 })
    expect(calls).toBeLessThan(100)
  })
})

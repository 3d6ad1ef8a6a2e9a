import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../index.js'
import { codeOf, expectClose } from '../__fixtures__/expect-close.js'
import oracle from '../statistics.oracle.json' with { type: 'json' }
import { benjaminiHochberg } from './benjamini-hochberg.js'
import { benjaminiYekutieli } from './benjamini-yekutieli.js'
import { eBenjaminiHochberg } from './e-benjamini-hochberg.js'
import { holm } from './holm.js'
import { twoStageBenjaminiHochberg } from './two-stage-benjamini-hochberg.js'

const seeded = { seed: 6, numRuns: 300 }
const pValues = fc.array(
  fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.01, 0.05, 1)),
  { maxLength: 40 },
)
const methods = {
  bh: benjaminiHochberg,
  by: benjaminiYekutieli,
  holm,
  tsbh: (values: readonly number[]) => twoStageBenjaminiHochberg(values),
  tsbh20: (values: readonly number[]) =>
    twoStageBenjaminiHochberg(values, { falseDiscoveryRate: 0.2 }),
}

const reference = [0.0005, 0.001, 0.008, 0.012, 0.02, 0.03, 0.04, 0.2, 0.5, 0.9]

describe('reference values', () => {
  it.each([
    ['bh', '.005 .005 .02666667 .03 .04 .05 .05714286 .25 .55555556 .9'],
    ['by', '.01464484 .01464484 .07810582 .08786905 .11715873 .14644841 .16736961 .73224206 1 1'],
    ['holm', '.005 .009 .064 .084 .12 .15 .16 .6 1 1'],
    ['tsbh', '.002 .002 .01066667 .012 .016 .02 .02285714 .1 .22222222 .36'],
  ] as const)('of %s', (name, printed) => {
    const rounded = methods[name](reference).map((value) => +value.toFixed(8))
    expect(rounded).toEqual(printed.split(' ').map(Number))
  })
})

describe.each(Object.entries(methods))('%s', (name, adjust) => {
  it('agrees with statsmodels', () => {
    for (const row of oracle.multiplicity) {
      expectClose(adjust(row.pValues), row[name as keyof typeof methods], 1e-13)
    }
  })

  it('lies between the p-value and 1, and keeps the order', () => {
    fc.assert(
      fc.property(pValues, (values) => {
        const adjusted = adjust(values)
        expect(adjusted).toHaveLength(values.length)
        for (const [i, value] of values.entries()) {
          expect(adjusted[i]).toBeLessThanOrEqual(1)
          // The two-stage form may adjust downwards, by the share of true null hypotheses.
          if (!name.startsWith('tsbh'))
            expect(adjusted[i]).toBeGreaterThanOrEqual(value * (1 - 1e-15))
          for (const [j, other] of values.entries()) {
            if (value <= other) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j]!)
          }
        }
      }),
      { ...seeded, numRuns: 100 },
    )
  })

  it('does not depend on the order of the input, ties included', () => {
    const random = createRandom('multiplicity')
    fc.assert(
      fc.property(pValues, (values) => {
        const order = random.shuffle(values.map((_, index) => index))
        const adjusted = adjust(values)
        expect(adjust(order.map((index) => values[index]!))).toEqual(
          order.map((index) => adjusted[index]),
        )
      }),
      seeded,
    )
  })

  it('gives nothing for nothing', () => {
    expect(adjust([])).toEqual([])
  })

  it('refuses what is no p-value', () => {
    expect(codeOf(() => adjust([0.1, 1.1]))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => adjust([-0.1]))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => adjust([0.1, Number.NaN]))).toBe('NOT_FINITE')
  })
})

describe('twoStageBenjaminiHochberg', () => {
  it('refuses a rate out of range', () => {
    const run = () => twoStageBenjaminiHochberg([0.1], { falseDiscoveryRate: 1 })
    expect(codeOf(run)).toBe('INVALID_ARGUMENT')
  })
})

describe('eBenjaminiHochberg', () => {
  it('rejects what the definition rejects', () => {
    for (const { eValues, rate, rejected } of oracle.eBenjaminiHochberg) {
      expect(eBenjaminiHochberg(eValues).map((value) => value <= rate)).toEqual(rejected)
    }
  })

  it('takes e-values of 0 and infinity', () => {
    expect(eBenjaminiHochberg([0, Number.POSITIVE_INFINITY, 0])).toEqual([1, 0, 1])
    expect(eBenjaminiHochberg([])).toEqual([])
  })

  it('is Benjamini–Hochberg over the inverses', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1, max: 1e9, noNaN: true })), (eValues) => {
        expect(eBenjaminiHochberg(eValues)).toEqual(
          benjaminiHochberg(eValues.map((value) => 1 / value)),
        )
      }),
      seeded,
    )
  })

  it('refuses what is no e-value', () => {
    expect(codeOf(() => eBenjaminiHochberg([1, -1]))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => eBenjaminiHochberg([Number.NaN]))).toBe('INVALID_ARGUMENT')
  })
})

import type { Tensor } from '@assay/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shuffledBatches } from './shuffled-batches.js'

const numbered = (count: number) =>
  ({
    id: {
      type: 'int64',
      dims: [count],
      data: BigInt64Array.from({ length: count }, (_, i) => BigInt(i)),
    },
    pair: {
      type: 'float32',
      dims: [count, 2],
      data: Float32Array.from({ length: 2 * count }, (_, i) => i),
    },
  }) satisfies Record<string, Tensor>

describe('shuffledBatches', () => {
  it('gives every row once an epoch, whole and with its partners', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer(),
      (count, batchSize, epochs, seed) => {
        const batches = [...shuffledBatches({ rows: numbered(count), batchSize, epochs, seed })]
        const perEpoch = Math.ceil(count / batchSize)
        expect(batches).toHaveLength(perEpoch * epochs)
        batches.forEach(({ id, pair }, index) => {
          const last = (index + 1) % perEpoch === 0
          const size = last ? count - (perEpoch - 1) * batchSize : batchSize
          expect([id.dims, pair.dims]).toEqual([[size], [size, 2]])
          const partners = [...id.data].flatMap((row) => [2 * Number(row), 2 * Number(row) + 1])
          expect([...pair.data]).toEqual(partners)
        })
        for (let epoch = 0; epoch < epochs; epoch++) {
          const own = batches.slice(epoch * perEpoch, (epoch + 1) * perEpoch)
          const ids = own.flatMap(({ id }) => [...id.data].map(Number))
          expect(ids.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i))
        }
      },
    )
    fc.assert(property, { seed: 3, numRuns: 100 })
  })

  it('orders by the seed, and every epoch otherwise, the same each time that it is iterated', () => {
    const order = (seed: number) => {
      const batches = shuffledBatches({ rows: numbered(30), batchSize: 30, epochs: 2, seed })
      return [...batches].map(({ id }) => id.data.join())
    }
    expect(order(1)).toEqual(order(1))
    expect(order(1)).not.toEqual(order(2))
    expect(order(1)[0]).not.toBe(order(1)[1])
    const twice = shuffledBatches({ rows: numbered(9), batchSize: 4, seed: 'text' })
    expect([...twice]).toEqual([...twice])
  })

  it('gives memory of their own, and takes views', () => {
    const whole = Float64Array.of(9, 1, 2, 3, 9)
    const rows = { x: { type: 'float64', dims: [3], data: whole.subarray(1, 4) } } as const
    const [batch] = shuffledBatches({ rows, batchSize: 3, seed: 1 })
    expect([...(batch?.x.data ?? [])].map(Number).sort()).toEqual([1, 2, 3])
    expect(batch?.x.data.buffer.byteLength).toBe(24)
  })

  it('refuses rows that do not belong together, none at all, and sizes that cannot be meant', () => {
    const { id } = numbered(3)
    const { pair } = numbered(4)
    const code = (name: string) => expect.objectContaining({ code: name })
    const settings = { batchSize: 2, seed: 1 }
    expect(() => shuffledBatches({ ...settings, rows: { id, pair } })).toThrowError(
      code('SHAPE_MISMATCH'),
    )
    const ragged = { ...pair, dims: [4, 3] }
    expect(() => shuffledBatches({ ...settings, rows: { ragged } })).toThrowError(
      code('SHAPE_MISMATCH'),
    )
    expect(() => shuffledBatches({ ...settings, rows: {} })).toThrowError(code('EMPTY_INPUT'))
    expect(() => shuffledBatches({ ...settings, rows: numbered(0) })).toThrowError(
      code('EMPTY_INPUT'),
    )
    const rows = { id }
    const refused = code('INVALID_ARGUMENT')
    expect(() => shuffledBatches({ rows, batchSize: 0, seed: 1 })).toThrowError(refused)
    expect(() => shuffledBatches({ ...settings, rows, epochs: 1.5 })).toThrowError(refused)
    expect(() => shuffledBatches({ ...settings, rows, seed: 0.5 })).toThrowError(refused)
  })
})

import { createMatrix, type Matrix } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { collectFeatures } from './collect-features.js'
import type { FeatureBlock, FeatureSource } from './feature-source.js'
import { featuresFromMatrix } from './features-from-matrix.js'

const matrix = createMatrix({
  data: [
    [1, 2],
    [0, 0],
    [3, -4],
    [0, 5],
    [6, 0],
  ],
  ids: ['a', 'b', 'c', 'd', 'e'],
  fingerprint: 'space',
})

const mirrorOf = (one: Matrix): Matrix => ({ ...one, data: one.data.map((value) => value * 2) })

async function blocksOf(source: FeatureSource, rows?: number): Promise<FeatureBlock[]> {
  const blocks: FeatureBlock[] = []
  for await (const block of source.blocks(rows === undefined ? {} : { rows })) blocks.push(block)
  return blocks
}

describe('featuresFromMatrix', () => {
  it('gives all rows in order, with their ids and the number of the first', async () => {
    const source = featuresFromMatrix(matrix)
    const blocks = await blocksOf(source, 2)
    expect(blocks.map(({ firstRow }) => firstRow)).toEqual([0, 2, 4])
    expect(blocks.flatMap((block) => [...block.matrix.data])).toEqual([...matrix.data])
    expect(blocks.flatMap((block) => block.matrix.ids ?? [])).toEqual(matrix.ids)
    expect(source).toMatchObject({ rows: 5, columns: 2, fingerprint: 'space', normalized: false })
    expect(await blocksOf(source)).toHaveLength(1)
  })

  it('copies no numbers', async () => {
    const [block] = await blocksOf(featuresFromMatrix(matrix), 2)
    expect(block?.matrix.data.buffer).toBe(matrix.data.buffer)
  })

  it('can be collected again, whole', async () => {
    expect(await collectFeatures(featuresFromMatrix(matrix))).toEqual(matrix)
  })

  it('tells which rows have no direction, in either view', async () => {
    const mirrored = mirrorOf(matrix)
    mirrored.data.fill(0, 8, 10)
    const blocks = await blocksOf(featuresFromMatrix(matrix, { mirrored }), 3)
    expect(blocks.map(({ zeroRows }) => zeroRows)).toEqual([[1], [1]])
    expect(blocks[1]?.mirrored?.ids).toEqual(['d', 'e'])
  })

  it('names the row that is not finite', () => {
    const data = Float32Array.of(1, 2, 3, Number.NaN)
    expect(() => featuresFromMatrix(createMatrix({ data, columns: 2, ids: ['x', 'y'] }))).toThrow(
      expect.objectContaining({ code: 'NOT_FINITE', location: { row: 1, id: 'y' } }),
    )
    const infinite = createMatrix({
      data: Float32Array.of(1, Number.POSITIVE_INFINITY),
      columns: 1,
    })
    expect(() => featuresFromMatrix(infinite)).toThrow(
      expect.objectContaining({ code: 'NOT_FINITE', location: { row: 1, id: '1' } }),
    )
  })

  it('refuses raw features that are said to be normalised, and lets zero rows be', () => {
    const said = { ...matrix, normalized: true }
    expect(() => featuresFromMatrix(said)).toThrow(
      expect.objectContaining({ code: 'NORMALIZATION_MISMATCH', location: { row: 0, id: 'a' } }),
    )
    const unit = createMatrix({
      data: [
        [0.6, 0.8],
        [0, 0],
        [1.002, 0],
      ],
      normalized: true,
    })
    expect(featuresFromMatrix(unit).normalized).toBe(true)
  })

  it.each([
    ['no rows', createMatrix({ data: [], columns: 2 }), {}, 'EMPTY_INPUT'],
    ['repeated ids', { ...matrix, ids: ['a', 'b', 'c', 'd', 'a'] }, {}, 'DUPLICATE_ID'],
    ['too few ids', { ...matrix, ids: ['a'] }, {}, 'SHAPE_MISMATCH'],
    ['too few labels', matrix, { groups: new Map([['artist', ['x']]]) }, 'SHAPE_MISMATCH'],
    [
      'a shorter second view',
      matrix,
      { mirrored: createMatrix({ data: [[1, 2]] }) },
      'SHAPE_MISMATCH',
    ],
    [
      'a second view of another space',
      matrix,
      { mirrored: { ...matrix, fingerprint: 'other' } },
      'FINGERPRINT_MISMATCH',
    ],
    [
      'a second view that is normalised',
      matrix,
      { mirrored: { ...matrix, normalized: true } },
      'NORMALIZATION_MISMATCH',
    ],
    [
      'a second view in another order',
      matrix,
      { mirrored: { ...matrix, ids: ['a', 'b', 'd', 'c', 'e'] } },
      'SHAPE_MISMATCH',
    ],
  ])('refuses %s', (_, given, options, code) => {
    expect(() => featuresFromMatrix(given, options)).toThrow(expect.objectContaining({ code }))
  })

  it('refuses to read less than a row at a time', async () => {
    await expect(blocksOf(featuresFromMatrix(matrix), 0)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
  })

  it('stops where it is told to', async () => {
    const signal = AbortSignal.abort()
    const reading = async () => {
      for await (const _ of featuresFromMatrix(matrix).blocks({ signal })) expect.unreachable()
    }
    await expect(reading()).rejects.toMatchObject({ code: 'ABORTED' })
  })
})

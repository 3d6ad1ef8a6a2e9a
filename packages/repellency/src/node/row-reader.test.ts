import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeFloat16 } from '@assay/core/formats'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { numberCodec } from './number-codec.js'
import { RowReader } from './row-reader.js'

let folder: string
let path: string
const columns = 300
/** Numbers that float16 holds. */
const rowOf = (row: number) =>
  Float32Array.from({ length: columns }, (_, at) => (row % 4) + (at % 256) / 256)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rows-'))
  path = join(folder, 'rows.raw')
})
afterEach(() => rm(folder, { recursive: true }))

const types = ['float16', 'float32'] as const
const roads = [
  ['at once', Number.POSITIVE_INFINITY],
  ['by threads', 0],
] as const
const cases = types.flatMap((type) => roads.map((road) => [type, ...road] as const))

describe.each(cases)('RowReader of %s, %s', (type, _, mostWaited) => {
  const rows = 2000
  let reader: RowReader
  beforeEach(async () => {
    const values = new Float32Array(rows * columns)
    for (let row = 0; row < rows; row += 1) values.set(rowOf(row), row * columns)
    await writeFile(path, type === 'float16' ? encodeFloat16(values) : values)
    reader = await RowReader.open(path, { columns, codec: numberCodec(type), mostWaited })
  })
  afterEach(() => reader.close())

  it('visits what is asked for once, alone and among neighbours', async () => {
    const asked = Uint32Array.from({ length: rows }, (_, row) => row).filter(
      (row) => row < 700 || row % 7 === 0 || row >= 1990,
    )
    const seen: number[] = []
    await reader.read(asked, {
      visit(row, vector) {
        const wanted = rowOf(row)
        if (!vector.every((value, at) => value === wanted[at])) expect(vector).toEqual(wanted)
        seen.push(row)
      },
    })
    expect(Uint32Array.from(seen).sort()).toEqual(asked)
    await reader.read(new Uint32Array(0), { visit: () => expect.unreachable() })
  })

  it('ends with what visiting throws, and visits no more', async () => {
    let visited = 0
    const visit = () => {
      visited += 1
      throw new RangeError('enough')
    }
    const reading = reader.read(Uint32Array.of(1, 3, 5, 7), { visit })
    await expect(reading).rejects.toThrowError('enough')
    const atEnd = visited
    expect(atEnd).toBeLessThanOrEqual(4)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(visited).toBe(atEnd)
  })

  it('stops when it is told to', async () => {
    const controller = new AbortController()
    let visited = 0
    const visit = () => {
      visited += 1
      controller.abort()
    }
    const asked = Uint32Array.from({ length: 500 }, (_, at) => 2 * at)
    const { signal } = controller
    await expect(reader.read(asked, { visit, signal })).rejects.toThrowError(
      expect.objectContaining({ code: 'ABORTED' }),
    )
    expect(visited).toBeLessThan(40)
  })

  it('tells of a file that was cut', async () => {
    await truncate(path, 1000)
    await expect(reader.read(Uint32Array.of(1999), { visit: () => {} })).rejects.toThrowError(
      expect.objectContaining({ code: 'FILE_READ_FAILED', location: { file: path } }),
    )
  })
})

it('tells of a file that is not there', async () => {
  const layout = { columns, codec: numberCodec('float32') }
  await expect(RowReader.open(path, layout)).rejects.toThrowError(
    expect.objectContaining({ code: 'FILE_READ_FAILED' }),
  )
})

import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRandom, type Matrix, selectRows } from '@assay/core'
import { decodeFloat16, encodeFloat16 } from '@assay/core/formats'
import { bruteForceIndex } from '@assay/core/testing'
import type { MatrixFile } from '@assay/store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  drawReferences,
  drawRow,
  kinds,
  nearByComparison,
  nextAbove,
  shape,
} from '../__fixtures__/reference-sets.js'
import { type OpenShieldReferencesOptions, openShieldReferences } from './open-shield-references.js'
import {
  type WriteShieldReferencesOptions,
  writeShieldReferences,
} from './write-shield-references.js'

let folder: string
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'references-')), 'set')
})
afterEach(() => rm(join(folder, '..'), { recursive: true }))

const space = { ...shape, scale: 0.18215, shift: 0, fingerprint: 'encoder' }
const fails = (code: string) => expect.objectContaining({ code })

function* blocksOf(matrix: Matrix, from = 0, step = 7): Iterable<Matrix> {
  for (let start = from; start < matrix.rows; start += step) {
    const count = Math.min(step, matrix.rows - start)
    yield selectRows(
      matrix,
      Array.from({ length: count }, (_, at) => start + at),
    )
  }
}

const write = (matrix: Matrix, options: Partial<WriteShieldReferencesOptions> = {}) =>
  writeShieldReferences({ folder, space, rows: (from) => blocksOf(matrix, from), ...options })

const open = (options: Partial<OpenShieldReferencesOptions> = {}) =>
  openShieldReferences({
    folder,
    createIndex: async (projections: MatrixFile) =>
      bruteForceIndex(await projections.read(), 'euclidean'),
    ...options,
  })

/** The rows as float16 keeps them. */
const halved = (matrix: Matrix): Matrix => ({
  ...matrix,
  data: decodeFloat16(encodeFloat16(matrix.data)),
})

describe('references on disk', () => {
  it.each(['float16', 'float32'] as const)(
    'equal a comparison with every stored row in 10,000 searches, as %s',
    async (type) => {
      let searches = 0
      for (const [seed, kind] of kinds.entries()) {
        const given = drawReferences(kind, 150, seed)
        await write(given, { type, pool: 2 })
        const stored = type === 'float16' ? halved(given) : given
        const references = await open()
        const random = createRandom(seed + 20)
        for (let round = 0; round < 40; round += 1) {
          const points = Array.from({ length: 50 }, () => drawRow(kind, random))
          const all = nearByComparison(points[0]!, stored, Number.POSITIVE_INFINITY)
          const tie = all.map(({ distance }) => distance).sort((a, b) => a - b)[random.integer(30)]!
          const radius = round % 2 === 0 ? tie : nextAbove(tie)
          const near = await references.within(points, { radius })
          for (const [at, point] of points.entries()) {
            const wanted = nearByComparison(point, stored, radius)
            const same =
              wanted.length === near[at]?.length &&
              wanted.every(({ row, distance, vector }, place) => {
                const each = near[at]?.[place]
                const alike = vector.every((value, column) => value === each?.vector[column])
                return each?.row === row && each.distance === distance && alike
              })
            if (!same) expect(near[at]).toEqual(wanted)
            searches += 1
          }
        }
        await references.close()
        await rm(folder, { recursive: true })
      }
      expect(searches).toBe(10_000)
    },
  )

  it('say what they are and how far storing moved them', async () => {
    const given = drawReferences('normal', 40, 1)
    const written = await write(given)
    const stored = halved(given)
    const moved = Array.from({ length: 40 }, (_, row) => {
      const point = Float64Array.from(given.data.subarray(row * 32, (row + 1) * 32))
      return nearByComparison(point, stored, 1)[0]?.distance ?? 1
    })
    expect(written).toEqual({ rows: 40, resumed: 0, displacement: Math.max(...moved) })
    const references = await open()
    const { size, dimensions, fingerprint, type, displacement } = references
    expect({ size, dimensions, fingerprint, type }).toEqual({
      ...{ size: 40, dimensions: 32, fingerprint: 'encoder', type: 'float16' },
    })
    expect(displacement).toBe(written.displacement)
    expect(displacement).toBeGreaterThan(0)
    await references.close()
  })

  it('go on where writing was stopped, as if it had not been', async () => {
    const given = drawReferences('normal', 100, 1)
    const controller = new AbortController()
    function* stopped(): Iterable<Matrix> {
      yield* blocksOf(
        selectRows(
          given,
          Array.from({ length: 50 }, (_, row) => row),
        ),
        0,
        10,
      )
      controller.abort()
      yield* blocksOf(given, 50)
    }
    const { signal } = controller
    await expect(write(given, { rows: stopped, signal })).rejects.toThrowError(fails('ABORTED'))
    await expect(open()).rejects.toThrowError(fails('FILE_MISSING'))
    // What a crash leaves of a row is cut off.
    await appendFile(join(folder, 'vectors.raw'), 'half a row')
    const asked: number[] = []
    const rows = (from: number) => {
      asked.push(from)
      return blocksOf(given, from)
    }
    expect(await write(given, { rows })).toMatchObject({ rows: 100, resumed: 50 })
    expect(asked).toEqual([50])
    const contents = await Promise.all(
      ['references.json', 'vectors.raw', 'projections.raw'].map((name) =>
        readFile(join(folder, name)),
      ),
    )
    await rm(folder, { recursive: true })
    await write(given)
    for (const [at, name] of ['references.json', 'vectors.raw', 'projections.raw'].entries()) {
      expect(contents[at]?.equals(await readFile(join(folder, name)))).toBe(true)
    }
  })

  it('are not gone on with by other settings, nor overwritten', async () => {
    const given = drawReferences('normal', 20, 1)
    function* failing(): Iterable<Matrix> {
      yield* blocksOf(given)
      throw new RangeError('the source failed')
    }
    await expect(write(given, { rows: failing })).rejects.toThrowError('the source failed')
    for (const other of [
      { pool: 4 },
      { type: 'float32' },
      { space: { ...space, scale: 1 } },
    ] as const) {
      await expect(write(given, other)).rejects.toThrowError(fails('RUN_MISMATCH'))
    }
    await write(given)
    await expect(write(given)).rejects.toThrowError(fails('INVALID_ARGUMENT'))
  })

  it('are refused in another space', async () => {
    await write(drawReferences('normal', 10, 1))
    const refused = async (wanted: OpenShieldReferencesOptions['space'], code: string) =>
      expect(open({ space: wanted! })).rejects.toThrowError(fails(code))
    await refused({ fingerprint: 'another' }, 'FINGERPRINT_MISMATCH')
    await refused({ scale: 1.5305 }, 'FINGERPRINT_MISMATCH')
    await refused({ scale: [0.18215, 0.2] }, 'FINGERPRINT_MISMATCH')
    await refused({ shift: 0.0609 }, 'FINGERPRINT_MISMATCH')
    await refused({ channels: 4 }, 'SHAPE_MISMATCH')
    await refused({ width: 8 }, 'SHAPE_MISMATCH')
    const references = await open({ space: { ...space, scale: [0.18215, 0.18215] } })
    await references.close()
  })

  it('refuse rows that cannot be kept, with their number', async () => {
    const given = drawReferences('normal', 10, 1)
    const with70000 = { ...given, data: given.data.with(9 * 32 + 3, 70_000) }
    const refused = (matrix: Matrix, options = {}) => expect(write(matrix, options)).rejects
    await refused(with70000).toThrowError(
      expect.objectContaining({ code: 'NOT_FINITE', location: { row: 9 } }),
    )
    await rm(folder, { recursive: true })
    expect(await write(with70000, { type: 'float32' })).toMatchObject({ displacement: 0 })
    await rm(folder, { recursive: true })
    for (const type of ['float16', 'float32']) {
      const broken = { ...given, data: given.data.with(40, Number.NaN) }
      await refused(broken, { type }).toThrowError(fails('NOT_FINITE'))
      await rm(folder, { recursive: true })
    }
    await refused({ ...given, rows: 5, columns: 64 }).toThrowError(fails('SHAPE_MISMATCH'))
    await refused({ ...given, fingerprint: 'another' }).toThrowError(fails('FINGERPRINT_MISMATCH'))
    await refused(selectRows(given, [])).toThrowError(fails('EMPTY_INPUT'))
    await rm(folder, { recursive: true })
    await refused(given, { pool: 3 }).toThrowError(fails('INVALID_ARGUMENT'))
  })

  it('are refused where a file was changed, cut or exchanged', async () => {
    const given = drawReferences('normal', 60, 1)
    const file = (name: string) => join(folder, name)
    const spoilt = async (name: string, change: (bytes: Buffer) => Buffer) => {
      const bytes = await readFile(file(name))
      await writeFile(file(name), change(Buffer.from(bytes)))
      await expect(open()).rejects.toThrowError(fails('MALFORMED_MATRIX_FILE'))
      await writeFile(file(name), bytes)
    }
    await write(given)
    await spoilt('projections.raw', (bytes) => bytes.fill((bytes[100] ?? 0) ^ 1, 100, 101))
    await spoilt('projections.raw', (bytes) => bytes.subarray(4))
    await spoilt('vectors.raw', (bytes) => bytes.subarray(2))
    await spoilt('vectors.raw', (bytes) => bytes.fill(0, 0, 64))
    await spoilt('vectors.raw', (bytes) => bytes.fill(0, bytes.length - 64))
    await writeFile(file('references.json'), '{"format":"assay.shield-references"}')
    await expect(open()).rejects.toThrowError(fails('MALFORMED_METADATA'))
  })

  it('close what was opened where the index cannot be used', async () => {
    await write(drawReferences('normal', 10, 1))
    let closed = 0
    const createIndex = async (projections: MatrixFile) => {
      const index = bruteForceIndex(await projections.read(), 'euclidean')
      const close = async () => {
        closed += 1
      }
      return { ...index, exact: false, close }
    }
    await expect(open({ createIndex })).rejects.toThrowError(fails('INVALID_ARGUMENT'))
    expect(closed).toBe(1)
    const references = await open({ createIndex, allowApproximate: true })
    await references.close()
    expect(closed).toBe(2)
    const radius = { radius: 1 }
    await expect((await open()).within([new Float64Array(32)], radius)).resolves.toHaveLength(1)
  })

  it('read scattered rows, neighbours and all of them', async () => {
    const given = drawReferences('lattice', 700, 1)
    await write(given, { type: 'float32' })
    const references = await open()
    const point = new Float64Array(32)
    for (const radius of [3.5, 4, 4.5, 5, 5.5, Number.POSITIVE_INFINITY]) {
      const [near] = await references.within([point], { radius })
      expect(near).toEqual(nearByComparison(point, given, radius))
    }
    await expect(
      references.within([point], { radius: 4, signal: AbortSignal.abort() }),
    ).rejects.toThrowError(fails('ABORTED'))
    await references.close()
  })
})

import {
  attribute,
  type Calibration,
  createAttributionHead,
  featuresFromMatrix,
} from '@assay/attribution'
import { createMatrix, createRandom, selectRows } from '@assay/core'
import { createEngine } from '@assay/tensor'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CommandSession } from '../command-session.js'
import { attributionPool } from './attribution-pool.js'

const columns = 8
const { normal } = createRandom('a pool that is worth an index')
const features = createMatrix({
  data: Float32Array.from({ length: 20_000 * columns }, normal),
  columns,
  ids: Array.from({ length: 20_000 }, (_, row) => `picture ${row}`),
})
const queries = selectRows(features, [3, 777, 19_999])
const calibration: Calibration = {
  specificationVersion: 1,
  inverseTemperature: 20,
  bias: -0.1,
  ...{ fingerprint: null, fittedOn: null },
}

/** A linear head whose sides differ. */
const side = () => ({
  ...{ form: 'linear' as const, columns, outputColumns: columns },
  weight: Float64Array.from({ length: columns ** 2 }, normal),
  bias: Float64Array.from({ length: columns }, normal),
})
const expects = { normalized: false, fingerprint: null }
const head = await createAttributionHead({ real: side(), synthetic: side(), expects })

let session: CommandSession
let opened: { close(): Promise<void> }[]
beforeEach(() => {
  opened = []
  const use = <Resource extends { close(): Promise<void> }>(resource: Resource) => {
    opened.push(resource)
    return resource
  }
  const engine = createEngine({ threads: 1 })
  session = { engine, signal: new AbortController().signal, use } as unknown as CommandSession
})
afterEach(async () => {
  for (const resource of opened) await resource.close()
  await session.engine.close()
})

describe('attributionPool', () => {
  it.each([
    ['without a head', null],
    ['with a head', head],
  ])('finds in the index of a large pool what reading it finds, %s', async (_, mapping) => {
    const whole = featuresFromMatrix(features)
    const pool = await attributionPool(whole, mapping, session)
    expect(pool).not.toBe(whole)
    expect(opened).toHaveLength(1)
    const settings = { queries, head: mapping, calibration, k: 5 }
    const indexed = await attribute({ ...settings, pool })
    const read = await attribute({ ...settings, pool: whole })
    for (const [at, { matches }] of read.attributions.entries()) {
      const found = indexed.attributions[at]!.matches
      expect(found.map(({ id }) => id)).toEqual(matches.map(({ id }) => id))
      for (const [place, match] of matches.entries()) {
        expect(found[place]!.score).toBeCloseTo(match.score, 6)
        expect(found[place]!.influence).toBeCloseTo(match.influence!, 4)
      }
    }
  })

  it('leaves a small pool and one with a row of no direction to be read', async () => {
    const small = featuresFromMatrix(selectRows(features, [0, 1, 2]))
    expect(await attributionPool(small, null, session)).toBe(small)
    const data = features.data.slice().fill(0, 0, columns)
    const flat = featuresFromMatrix(createMatrix({ data, columns }))
    expect(await attributionPool(flat, null, session)).toBe(flat)
    expect(opened).toHaveLength(0)
  })
})

import type { VectorIndex } from '../../contracts/vector-index.js'
import { createMatrix } from '../../matrix/create-matrix.js'
import type { Matrix } from '../../matrix/matrix.js'
import { expectCode } from '../expectations.js'
import type { IndexSubject } from './index-subject.js'
import { columns, queries } from './index-vectors.js'

export async function checkLimits({ index }: IndexSubject): Promise<void> {
  for (const k of [0, -1, 1.5, Number.NaN]) {
    await expectCode(() => index.nearest(queries(), { k }), ['INVALID_ARGUMENT'], `k = ${k}`)
  }
  const radius = Number.NaN
  await expectCode(
    () => index.within(queries(), { radius }),
    ['INVALID_ARGUMENT'],
    'A radius of NaN',
  )
  const radii = (length: number, last: number) => Array<number>(length).fill(1).with(-1, last)
  const count = queries().rows
  await expectCode(
    () => index.within(queries(), { radius: radii(count, Number.NaN) }),
    ['INVALID_ARGUMENT'],
    'A radius of NaN among others',
  )
  await expectCode(
    () => index.within(queries(), { radius: radii(count - 1, 1) }),
    ['SHAPE_MISMATCH'],
    'Fewer radii than queries',
  )
}

export async function checkSpaces({ index }: IndexSubject): Promise<void> {
  const longer = createMatrix({ data: new Float32Array(columns + 1).fill(1), columns: columns + 1 })
  const foreign = { ...queries(), fingerprint: 'another' }
  for (const search of searches(index)) {
    await expectCode(() => search(longer), ['SHAPE_MISMATCH'], 'A query of more columns')
    await expectCode(() => search(foreign), ['FINGERPRINT_MISMATCH'], 'A query of another space')
    await search({ ...queries(), fingerprint: null })
  }
}

export async function checkFinite({ index, metric }: IndexSubject): Promise<void> {
  const spoilt = (value: number) => ({ ...queries(), data: queries().data.fill(value, 30, 31) })
  for (const search of searches(index)) {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      await expectCode(() => search(spoilt(value)), ['NOT_FINITE'], `A query with ${value}`)
    }
    if (metric !== 'cosine') continue
    const zero = { ...queries(), data: queries().data.fill(0, 0, columns) }
    await expectCode(() => search(zero), ['ZERO_VECTOR'], 'The cosine of a query of zeros')
  }
}

export async function checkAbort({ index }: IndexSubject): Promise<void> {
  const controller = new AbortController()
  controller.abort()
  for (const search of searches(index, controller.signal)) {
    await expectCode(() => search(queries()), ['ABORTED'], 'A search that was aborted')
  }
}

export async function checkClosed({ index }: IndexSubject): Promise<void> {
  await index.close()
  for (const search of searches(index)) {
    await expectCode(() => search(queries()), ['ENGINE_CLOSED'], 'A search of a closed index')
  }
}

/** Both searches of an index, as functions of the queries alone. */
const searches = (index: VectorIndex, signal?: AbortSignal) => [
  (asked: Matrix) => index.nearest(asked, { k: 2, ...(signal && { signal }) }),
  (asked: Matrix) => index.within(asked, { radius: 0.5, ...(signal && { signal }) }),
]

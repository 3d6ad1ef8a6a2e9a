import { createMatrix } from '@assay/core'
import { expect, it } from 'vitest'
import { copyShare, nearDuplicateShare } from './near-duplicate-share.js'

const set = createMatrix({
  data: [
    [1, 0],
    [0, 1],
    [2, 0.01],
    [-1, 1],
  ],
})

it('counts every row of a pair once', () => {
  expect(nearDuplicateShare(set, { threshold: 0.99 })).toBe(2 / 4)
  expect(nearDuplicateShare(set, { threshold: 1 })).toBe(0)
  expect(nearDuplicateShare(set, { threshold: -1 })).toBe(1)
})

it('counts outputs and not reference rows', () => {
  const reference = createMatrix({
    data: [
      [3, 0],
      [1, 0],
    ],
  })
  expect(copyShare(set, reference, { threshold: 0.99 })).toBe(2 / 4)
  expect(copyShare(reference, set, { threshold: 0.99 })).toBe(1)
})

it('has no share of nothing', () => {
  const none = createMatrix({ data: [], columns: 2 })
  const empty = expect.objectContaining({ code: 'EMPTY_INPUT' })
  expect(() => nearDuplicateShare(none, { threshold: 0.9 })).toThrow(empty)
  expect(() => copyShare(none, set, { threshold: 0.9 })).toThrow(empty)
  expect(() => copyShare(set, none, { threshold: 0.9 })).toThrow(empty)
})

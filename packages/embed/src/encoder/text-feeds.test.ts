import { expect, it } from 'vitest'
import { textFeeds } from './text-feeds.js'

const input = { name: 'ids', type: 'int64', shape: ['batch', 4] }
const prompts = [
  { tokens: [8, 5, 9, 0], length: 3, truncated: false },
  { tokens: [8, 9, 0, 0], length: 2, truncated: false },
]

it('textFeeds gives the ids, and whatever else the card names, in the type of the ids', () => {
  const otherInputs = [
    { name: 'mask', content: 'attention-mask' },
    { name: 'places', content: 'position-ids' },
    { name: 'types', content: 'token-type-ids' },
  ] as const
  const feeds = textFeeds({ input, otherInputs: [...otherInputs] }, prompts)
  const int64 = (values: readonly number[]) => ({
    type: 'int64',
    dims: [2, 4],
    data: BigInt64Array.from(values, BigInt),
  })
  expect(feeds).toEqual({
    ids: int64([8, 5, 9, 0, 8, 9, 0, 0]),
    mask: int64([1, 1, 1, 0, 1, 1, 0, 0]),
    places: int64([0, 1, 2, 3, 0, 1, 2, 3]),
    types: int64([0, 0, 0, 0, 0, 0, 0, 0]),
  })
  const [narrow] = Object.values(
    textFeeds({ input: { ...input, type: 'int32' }, otherInputs: [] }, prompts),
  )
  expect(narrow).toMatchObject({ type: 'int32', data: Int32Array.from([8, 5, 9, 0, 8, 9, 0, 0]) })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mapInOrder } from './map-in-order.js'

/** Lets others run for some time, and longer for more turns. */
const wait = async (turns: number) => {
  for (let turn = -1; turn < turns; turn += 0.1) await Promise.resolve()
}

const collect = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

describe('mapInOrder', () => {
  it('keeps the order and the limit, whatever the durations', async () => {
    const durations = fc.array(fc.nat(4), { maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(durations, fc.integer({ min: 1, max: 6 }), async (delays, concurrency) => {
        let running = 0
        let most = 0
        const results = await collect(
          mapInOrder(delays.entries(), concurrency, async ([index, delay]) => {
            most = Math.max(most, ++running)
            await wait(delay)
            running--
            return index
          }),
        )
        expect(results).toEqual([...delays.keys()])
        expect(most).toBe(Math.min(concurrency, delays.length))
      }),
      { seed: 11, numRuns: 40 },
    )
  })

  it('takes no item before there is room for it', async () => {
    let taken = 0
    function* source() {
      for (;;) yield taken++
    }
    const results = mapInOrder(source(), 3, async (item) => item)
    await results.next()
    expect(taken).toBe(3)
    await results.next()
    expect(taken).toBe(4)
    await results.return(undefined)
    expect(taken).toBe(4)
  })

  it('throws the first error in order, after the tasks that run have ended', async () => {
    let ended = 0
    const work = collect(
      mapInOrder([0, 1, 2, 3], 4, async (item) => {
        await wait(item * 5)
        ended++
        if (item >= 1) throw new RangeError(`item ${item}`)
        return item
      }),
    )
    await expect(work).rejects.toThrow('item 1')
    expect(ended).toBe(4)
  })

  it('waits for the tasks that run when its reader leaves', async () => {
    let ended = 0
    for await (const _ of mapInOrder([1, 2, 3], 3, async () => {
      await wait(5)
      ended++
    })) {
      break
    }
    expect(ended).toBe(3)
  })
})

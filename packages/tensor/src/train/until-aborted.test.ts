import { describe, expect, it } from 'vitest'
import { untilAborted } from './until-aborted.js'

const aborted = expect.objectContaining({ code: 'ABORTED' })

describe('untilAborted', () => {
  it('gives what iterables of both kinds give', async () => {
    async function* later() {
      yield* [1, 2]
    }
    const collect = async (items: Iterable<number> | AsyncIterable<number>) => {
      const found: number[] = []
      for await (const item of untilAborted(items, undefined)) found.push(item)
      return found
    }
    expect(await collect([1, 2])).toEqual([1, 2])
    expect(await collect(later())).toEqual([1, 2])
  })

  it('closes the iterator when its consumer has enough', async () => {
    let closed = 0
    async function* endless() {
      try {
        while (true) yield 1
      } finally {
        closed += 1
      }
    }
    for await (const _ of untilAborted(endless(), undefined)) break
    expect(closed).toBe(1)
  })

  it('ends a wait for an item that never comes, and one before the first', async () => {
    const stuck: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }),
    }
    const controller = new AbortController()
    const waiting = untilAborted(stuck, controller.signal).next()
    controller.abort('enough')
    await expect(waiting).rejects.toThrowError(aborted)
    await expect(untilAborted([1], controller.signal).next()).rejects.toThrowError(aborted)
  })

  it('lets no failure of an abandoned iterator escape', async () => {
    const controller = new AbortController()
    const failing: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: () => Promise.reject(new RangeError('while closing')),
      }),
    }
    const waiting = untilAborted(failing, controller.signal).next()
    controller.abort()
    await expect(waiting).rejects.toThrowError(aborted)
  })

  it('passes on what the iterator throws', async () => {
    async function* failing() {
      yield 1
      throw new RangeError('of the batches')
    }
    const items = untilAborted(failing(), undefined)
    expect(await items.next()).toEqual({ done: false, value: 1 })
    await expect(items.next()).rejects.toThrow('of the batches')
  })
})

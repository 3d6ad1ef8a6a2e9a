import { describe, expect, it } from 'vitest'
import { createCallLedger } from './call-ledger.js'

/** A computation that ends when it is told to. */
function held() {
  let finish = (_: number) => {}
  const promise = new Promise<number>((resolve) => {
    finish = resolve
  })
  return { promise, finish }
}

const code = (value: string) => expect.objectContaining({ code: value })

describe('a ledger of calls', () => {
  it('computes a call once, however often it is asked', async () => {
    const ledger = createCallLedger<number>()
    let computed = 0
    const compute = async () => ++computed
    const answers = await Promise.all([0, 0, 0].map((call) => ledger.once(call, 'a', compute)))
    expect(answers).toEqual([1, 1, 1])
    expect(await ledger.once(0, 'a', compute)).toBe(1)
  })

  it('computes calls in their order, also where the one before takes long', async () => {
    const ledger = createCallLedger<number>()
    const order: number[] = []
    const first = held()
    const one = ledger.once(0, 'a', async () => {
      order.push(await first.promise)
      return 0
    })
    const two = ledger.once(1, 'b', async () => {
      order.push(1)
      return 1
    })
    first.finish(0)
    await Promise.all([one, two])
    expect(order).toEqual([0, 1])
  })

  it('refuses a number for something else, gaps, and what it no longer keeps', async () => {
    const ledger = createCallLedger<number>()
    const compute = async () => 0
    for (let call = 0; call < 5; call += 1) await ledger.once(call, 'a', compute)
    expect(() => ledger.once(4, 'b', compute)).toThrow(code('DUPLICATE_ID'))
    expect(() => ledger.once(0, 'a', compute)).toThrow(code('DUPLICATE_ID'))
    expect(() => ledger.once(6, 'a', compute)).toThrow(code('INVALID_ARGUMENT'))
    expect(await ledger.once(1, 'a', compute)).toBe(0)
  })

  it('forgets a call that failed, so that it can be asked better', async () => {
    const ledger = createCallLedger<number>()
    const failing = ledger.once(0, 'a', async () => {
      throw new TypeError('bad')
    })
    await expect(failing).rejects.toThrow('bad')
    expect(await ledger.once(0, 'b', async () => 2)).toBe(2)
  })

  it('goes on after a failed call that others already follow', async () => {
    const ledger = createCallLedger<number>()
    const failing = ledger.once(0, 'a', async () => {
      throw new TypeError('bad')
    })
    const after = ledger.once(1, 'b', async () => 1)
    await expect(failing).rejects.toThrow('bad')
    expect(await after).toBe(1)
    await expect(ledger.once(0, 'a', async () => 2)).rejects.toThrow('bad')
  })
})

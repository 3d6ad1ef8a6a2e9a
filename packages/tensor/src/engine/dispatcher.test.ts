import { describe, expect, it } from 'vitest'
import { Dispatcher } from './dispatcher.js'
import type { EngineWorker } from './engine-worker.js'

/** Of a worker, the dispatcher asks only whether it lives. */
const worker = (alive = true) => ({ alive }) as EngineWorker

/** A dispatcher whose jobs end when the test says so, and a log of what began. */
function setUp(budget: number) {
  const dispatcher = new Dispatcher(budget)
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const submit = (
    name: string,
    job: { workers: EngineWorker[]; threads: number; signal?: AbortSignal },
  ) => {
    const start = () =>
      new Promise<string>((resolve) => {
        begun.push(name)
        ends.set(name, () => resolve(name))
      })
    return dispatcher.submit({ ...job, start })
  }
  const end = async (name: string) => {
    ends.get(name)?.()
    await new Promise(setImmediate)
  }
  return { dispatcher, begun, submit, end }
}

describe('Dispatcher', () => {
  it('keeps no more threads busy than the budget, and gives a worker one job at a time', async () => {
    const { begun, submit, end } = setUp(3)
    const [a, b, c] = [worker(), worker(), worker()]
    submit('first', { workers: [a], threads: 2 })
    submit('same worker', { workers: [a], threads: 1 })
    submit('other worker', { workers: [b], threads: 1 })
    submit('no thread left', { workers: [c], threads: 1 })
    expect(begun).toEqual(['first', 'other worker'])
    await end('other worker')
    expect(begun).toEqual(['first', 'other worker', 'no thread left'])
    await end('first')
    expect(begun.at(-1)).toBe('same worker')
  })

  it('lets no later job past one that waits for threads', async () => {
    const { begun, submit, end } = setUp(2)
    const [a, b, c] = [worker(), worker(), worker()]
    submit('running', { workers: [a], threads: 1 })
    submit('large', { workers: [b], threads: 2 })
    submit('small', { workers: [c], threads: 1 })
    expect(begun).toEqual(['running'])
    await end('running')
    expect(begun).toEqual(['running', 'large'])
    await end('large')
    expect(begun).toEqual(['running', 'large', 'small'])
  })

  it('runs a job that wants more threads than there are, alone', async () => {
    const { begun, submit, end } = setUp(2)
    const [a, b] = [worker(), worker()]
    submit('greedy', { workers: [a], threads: 9 })
    submit('next', { workers: [b], threads: 1 })
    expect(begun).toEqual(['greedy'])
    await end('greedy')
    expect(begun).toEqual(['greedy', 'next'])
  })

  it('takes whichever of the workers is free, and passes over one that is lost', async () => {
    const { begun, submit, end } = setUp(4)
    const [a, b, lost] = [worker(), worker(), worker(false)]
    const results = ['one', 'two', 'three'].map((name) =>
      submit(name, { workers: [lost, a, b], threads: 1 }),
    )
    expect(begun).toEqual(['one', 'two'])
    await end('two')
    await end('one')
    await end('three')
    expect(await Promise.all(results)).toEqual(['one', 'two', 'three'])
    await expect(submit('nowhere', { workers: [lost], threads: 1 })).rejects.toThrowError(
      expect.objectContaining({ code: 'ENGINE_FAILED' }),
    )
  })

  it('forgets a waiting job that is aborted', async () => {
    const { begun, submit, end } = setUp(1)
    const a = worker()
    const abort = new AbortController()
    submit('running', { workers: [a], threads: 1 })
    const waiting = submit('waiting', { workers: [a], threads: 1, signal: abort.signal })
    abort.abort()
    await expect(waiting).rejects.toThrowError(expect.objectContaining({ code: 'ABORTED' }))
    await end('running')
    expect(begun).toEqual(['running'])
  })

  it('goes on after a job that fails', async () => {
    const { dispatcher, begun, submit } = setUp(1)
    const a = worker()
    const start = () => Promise.reject(new RangeError('no'))
    await expect(dispatcher.submit({ workers: [a], threads: 1, start })).rejects.toThrow(RangeError)
    submit('next', { workers: [a], threads: 1 })
    expect(begun).toEqual(['next'])
  })

  it('refuses everything after close', async () => {
    const { dispatcher, submit } = setUp(1)
    const a = worker()
    submit('running', { workers: [a], threads: 1 })
    const waiting = submit('waiting', { workers: [a], threads: 1 })
    dispatcher.close()
    const closed = expect.objectContaining({ code: 'ENGINE_CLOSED' })
    await expect(waiting).rejects.toThrowError(closed)
    await expect(submit('late', { workers: [a], threads: 1 })).rejects.toThrowError(closed)
  })
})

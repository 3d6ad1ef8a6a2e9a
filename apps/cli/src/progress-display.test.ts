import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest'
import { progressDisplay } from './progress-display.js'

let write: MockInstance<typeof process.stderr.write>
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
})
afterEach(() => {
  write.mockRestore()
  vi.useRealTimers()
})
const lines = () => write.mock.calls.map(([text]) => String(text))

// Under vitest stderr is no terminal, as in CI.
describe('progressDisplay without a terminal', () => {
  it('writes a line every five seconds, and one at the end of a task', async () => {
    const { progress, end } = await progressDisplay({ quiet: false })
    for (let done = 1; done <= 12; done++) {
      vi.advanceTimersByTime(1000)
      progress({ task: 'embed', done, total: 12 })
    }
    end()
    expect(lines()).toEqual(['embed: 5 of 12\n', 'embed: 10 of 12\n', 'embed: 12 of 12\n'])
  })

  it('says nothing when quiet', async () => {
    const { progress, end } = await progressDisplay({ quiet: true })
    progress({ task: 'embed', done: 1, total: 1 })
    end()
    expect(lines()).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { closestName } from './closest-name.js'

describe('closestName', () => {
  it.each([
    ['refernce', 'reference'],
    ['Outputs', 'outputs'],
    ['otuputs', 'outputs'],
    ['seeed', 'seed'],
  ])('takes %s for %s', (written, meant) => {
    expect(closestName(written, ['outputs', 'reference', 'seed'])).toBe(meant)
  })

  it('guesses nothing where no name is near, or there is none', () => {
    expect(closestName('temperature', ['outputs', 'seed'])).toBeNull()
    expect(closestName('seed', [])).toBeNull()
  })
})

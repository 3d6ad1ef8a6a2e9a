import { describe, expect, it } from 'vitest'
import { closestName } from './closest-name.js'

describe('closestName', () => {
  it('finds the name that was meant', () => {
    expect(closestName('licenze', ['id', 'licence', 'title'])).toBe('licence')
    expect(closestName('LICENCE', ['id', 'licence'])).toBe('licence')
    expect(closestName('mean', ['mean', 'means'])).toBe('mean')
  })

  it('takes the first of equally near names', () => {
    expect(closestName('std1', ['std2', 'std3'])).toBe('std2')
  })

  it('says nothing where no name is near', () => {
    expect(closestName('background', ['id', 'licence'])).toBeNull()
    expect(closestName('background', [])).toBeNull()
    // Two edits, but nothing in common.
    expect(closestName('id', ['xy'])).toBeNull()
  })
})

import { describe, expect, it } from 'vitest'
import { formatFigure, formatInterval } from './format-figure.js'

describe('formatFigure', () => {
  it.each([
    [0.0712, 'share', '7.1 %'],
    [0, 'share', '0.0 %'],
    [0.87654, 'cosine', '0.877'],
    [214.372, 'pictures', '214.4'],
    [12, 'pictures', '12'],
  ])('shows %f %s as %s', (value, unit, text) => {
    expect(formatFigure(value, unit)).toBe(text)
  })
})

describe('formatInterval', () => {
  it('names both ends and the level', () => {
    expect(formatInterval({ low: 0.01, high: 0.0712, level: 0.95 }, 'share')).toBe(
      '1.0 % to 7.1 % (95 %)',
    )
  })
})

import { describe, expect, it } from 'vitest'
import { printable, table } from './table.js'

describe('table', () => {
  it('aligns columns and leaves no space at the end of a line', () => {
    expect(
      table([
        ['a', 'long cell', 'x'],
        ['bbb', 'c', ''],
      ]),
    ).toBe('a    long cell  x\nbbb  c\n')
  })

  it('is empty without rows', () => {
    expect(table([])).toBe('')
  })
})

describe('printable', () => {
  it('takes terminal escapes, line breaks and direction overrides out of text', () => {
    expect(printable('a\u001b[31mb\nc\u202ed')).toBe('a\ufffd[31mb\ufffdc\ufffdd')
  })

  it('leaves other writing alone', () => {
    expect(printable('grüße 你好')).toBe('grüße 你好')
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CsvParser } from './csv-parser.js'

const recordsOf = (...pieces: readonly string[]) => {
  const parser = new CsvParser('list.csv')
  return [...pieces.flatMap((piece) => [...parser.take(piece)]), ...parser.finish()]
}
const cellsOf = (...pieces: readonly string[]) => recordsOf(...pieces).map(({ cells }) => cells)

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`

describe('CsvParser', () => {
  it('reads cells with commas, quotes and line breaks, and skips empty lines and a byte order mark', () => {
    expect(cellsOf('\uFEFFa,b\r\n"1,2","3\n4"\r\n\r\n"say ""hi""",\n')).toEqual([
      ['a', 'b'],
      ['1,2', '3\n4'],
      ['say "hi"', ''],
    ])
    expect(cellsOf('a,b')).toEqual([['a', 'b']])
    expect(cellsOf('a,')).toEqual([['a', '']])
    expect(cellsOf('""')).toEqual([['']])
    expect(cellsOf('')).toEqual([])
  })

  it('reads any cells back, wherever the text is cut', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', 'é', '\uFEFF') })
    const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 5 })
    fc.assert(
      fc.property(rows, fc.nat(), (cells, at) => {
        const text = cells.map((row) => row.map(quoted).join(',')).join('\n')
        const cut = at % (text.length + 1)
        expect(cellsOf(text.slice(0, cut), text.slice(cut))).toEqual(cells)
      }),
      { seed: 3, numRuns: 300 },
    )
  })

  it('knows the line on which a record starts', () => {
    expect(recordsOf('a\n"b\nc"\n\nd').map(({ line }) => line)).toEqual([1, 2, 5])
  })

  it.each([
    ['a quote that does not end', 'a\n"b', 2],
    ['a quote within a bare cell', 'a"b', 1],
    ['text after a quoted cell', 'x\n"a"b', 2],
    ['a record without an end', `a\n"${'b'.repeat(2 ** 20 + 1)}"`, 2],
  ])('refuses %s, with its line', (_, text, row) => {
    expect(() => recordsOf(text)).toThrow(
      expect.objectContaining({ code: 'MALFORMED_METADATA', location: { file: 'list.csv', row } }),
    )
  })
})

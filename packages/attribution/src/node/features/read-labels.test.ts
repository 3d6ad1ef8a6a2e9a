import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { temporaryFiles } from './feature-files.test.helper.js'
import oracle from './open-features.oracle.json' with { type: 'json' }
import { readLabels } from './read-labels.js'

const { path, written } = temporaryFiles()

const outcomeOf = (file: string, ids: readonly string[] | null, idField?: string | null) =>
  readLabels(file, { ids, ...(idField !== undefined && { idField }) }).catch(
    (error: unknown) => error,
  )

describe('readLabels', () => {
  it('reads the CSV that pandas writes, quotes, commas and empty cells', async () => {
    const file = written('a.csv', oracle.csv)
    expect(await readLabels(file, { ids: null })).toEqual({
      ids: oracle.names,
      groups: new Map([
        ['caption', oracle.captions],
        ['licence', oracle.licences],
      ]),
    })
  })

  it('reads any table of texts back from CSV', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r\n', ' ') })
    const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 })
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom('\n', '\r\n'), async (cells, end) => {
        const lines = ['one,two', ...cells.map((row) => row.map(quoted).join(','))]
        const file = written('a.csv', `\u{FEFF}${lines.join(end)}${end}`)
        const { groups } = await readLabels(file, { ids: null })
        const column = (at: 0 | 1) => cells.map((row) => row[at] || null)
        expect([groups.get('one'), groups.get('two')]).toEqual([column(0), column(1)])
      }),
      { seed: 7, numRuns: 60 },
    )
  })

  it('joins by id in any order, and leaves null what a table does not say', async () => {
    const file = written(
      'metadata.jsonl',
      '{"file_name":"c","artist":"Ada","year":1987}\n\n{"file_name":"a","artist":null,"nested":{"x":1}}\n',
    )
    expect(await readLabels(file, { ids: ['a', 'b', 'c'] })).toEqual({
      ids: null,
      groups: new Map([
        ['artist', [null, null, 'Ada']],
        ['year', [null, null, '1987']],
        ['nested', [null, null, null]],
      ]),
    })
  })

  it('gives row by row what has no ids', async () => {
    const file = written('a.jsonl', '{"artist":"Ada"}\n{"artist":"Bo"}')
    expect(await readLabels(file, { ids: null })).toEqual({
      ids: null,
      groups: new Map([['artist', ['Ada', 'Bo']]]),
    })
    expect(await outcomeOf(file, ['x', 'y'])).toMatchObject({ code: 'MALFORMED_METADATA' })
  })

  it.each([
    ['a line that is no JSON', 'a.jsonl', '{"id":"a"}\n{"id":\n', 'MALFORMED_METADATA', 2],
    ['a line that is no object', 'a.jsonl', '[1]', 'MALFORMED_METADATA', 1],
    ['a line without an id', 'a.jsonl', '{"id":"a"}\n{"artist":"x"}', 'MALFORMED_METADATA', 2],
    ['an id that comes twice', 'a.jsonl', '{"id":"a"}\n{"id":"a"}', 'DUPLICATE_ID', 2],
    ['a row of too few cells', 'a.csv', 'id,artist\na,x\nb\n', 'MALFORMED_METADATA', 3],
    ['a quote that does not end', 'a.csv', 'id,artist\na,"x\nb,y\n', 'MALFORMED_METADATA', 2],
    ['a quote within a bare cell', 'a.csv', 'id\na"b\n', 'MALFORMED_METADATA', 2],
    ['text after a closing quote', 'a.csv', 'id\n"a"b\n', 'MALFORMED_METADATA', 2],
    ['a name that stands twice', 'a.csv', 'id,id\na,b\n', 'MALFORMED_METADATA', 1],
  ])('refuses %s, with its line', async (_, name, content, code, row) => {
    expect(await outcomeOf(written(name, content), ['a', 'b'])).toMatchObject({
      code,
      location: { file: path(name), row },
    })
  })

  it('refuses labels of other pictures altogether', async () => {
    const file = written('a.csv', 'id,artist\nimg/1.png,x\n')
    expect(await outcomeOf(file, ['1.png'])).toMatchObject({
      code: 'SHAPE_MISMATCH',
      message: expect.stringContaining('img/1.png'),
    })
  })

  it('refuses what is no UTF-8, a line without end, and a missing file', async () => {
    const latin = written('a.jsonl', Buffer.from('{"id":"\xe9"}', 'latin1'))
    expect(await outcomeOf(latin, null)).toMatchObject({ code: 'MALFORMED_METADATA' })
    const endless = written('b.jsonl', `{"id":"${'a'.repeat(2 ** 21)}`)
    expect(await outcomeOf(endless, null)).toMatchObject({ code: 'MALFORMED_METADATA' })
    const open = written('b.csv', `id\n"${'a'.repeat(2 ** 21)}`)
    expect(await outcomeOf(open, null)).toMatchObject({ code: 'MALFORMED_METADATA' })
    expect(await outcomeOf(path('none.csv'), null)).toMatchObject({ code: 'FILE_MISSING' })
  })

  it('refuses rows that each bring fields of their own', async () => {
    const lines = Array.from({ length: 400 }, (_, at) => `{"field ${at}":1}`)
    expect(await outcomeOf(written('a.jsonl', lines.join('\n')), null)).toMatchObject({
      code: 'LIMIT_EXCEEDED',
    })
  })
})

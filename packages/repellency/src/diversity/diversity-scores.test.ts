import { createMatrix } from '@assay/core'
import { frechetDistance } from '@assay/metrics'
import { describe, expect, it } from 'vitest'
import { type DiversityScoresOptions, diversityScores } from './diversity-scores.js'

type Row = readonly [vector: readonly number[], prompt: string | null]

function set(rows: readonly Row[]): DiversityScoresOptions['outputs'] {
  const ids = rows.map((_, row) => `${row}.png`)
  return {
    items: rows.map(([, prompt], row) => ({ id: `${row}.png`, prompt })),
    embeddings: createMatrix({ data: rows.map(([vector]) => vector), columns: 2, ids }),
    failures: [],
  }
}

const at = (degrees: number): readonly number[] => [
  Math.cos((degrees / 180) * Math.PI),
  Math.sin((degrees / 180) * Math.PI),
]

const scored = (
  options: Partial<DiversityScoresOptions> & Pick<DiversityScoresOptions, 'outputs'>,
) => {
  const { scores, prompts } = diversityScores({
    ...{ reference: null, threshold: 0.99, neighbours: 2, level: 0.95, groups: 20 },
    encoder: { id: 'plane', fingerprint: 'f' },
    ...options,
  })
  const of = (id: string, scope = 'pooled') =>
    scores.find((score) => score.id === id && score.scope === scope)
  return { scores, prompts, of }
}

/** Six alike and two others, at right angles: a known split. */
const split = set([
  ...Array.from({ length: 6 }, (_, row): Row => [at(0), row < 3 ? 'a' : 'b']),
  [at(90), 'a'],
  [at(90), 'c'],
])

describe('diversityScores', () => {
  it('gives the known Vendi scores of a known split', () => {
    const { of } = scored({ outputs: split })
    expect(of('vendi-1')?.value).toBeCloseTo(1.75477, 5)
    expect(of('vendi-2')).toMatchObject({ value: expect.closeTo(1.6, 9), order: 2, n: 8 })
    const common = { value: expect.closeTo(4 / 3, 9), order: 'infinity', kernel: 'cosine' }
    expect(of('vendi-infinity')).toMatchObject(common)
  })

  it('averages over prompts of two pictures or more, and lists every prompt', () => {
    const { of, prompts } = scored({ outputs: split })
    // Three and one at right angles, and three alike.
    const { value, n, missing } = of('vendi-2', 'within prompts') ?? {}
    expect([value, n, missing]).toEqual([expect.closeTo((1.6 + 1) / 2, 9), 2, 1])
    expect(of('near-duplicates', 'within prompts')?.value).toBeCloseTo((3 / 4 + 1) / 2, 12)
    expect(prompts.map(({ prompt, pictures }) => [prompt, pictures])).toEqual([
      ['a', 4],
      ['b', 3],
      ['c', 1],
    ])
    expect(prompts[2]?.values).toEqual({})
  })

  it('counts near-duplicates of the whole set, also across prompts', () => {
    const { of } = scored({
      outputs: set([
        [at(0), 'a'],
        [at(1), 'b'],
        [at(40), 'b'],
      ]),
    })
    expect(of('near-duplicates')).toMatchObject({ value: 2 / 3, threshold: 0.99 })
  })

  it('compares with a reference, pooled and within the prompts that both have', () => {
    const circle = (prompt: string, start: number): Row[] =>
      Array.from({ length: 6 }, (_, step) => [at(start + 10 * step), prompt])
    const outputs = set([...circle('a', 0), ...circle('b', 175)])
    const reference = set([...circle('a', 0), ...circle('c', 180)])
    const { of } = scored({ outputs, reference })
    expect(of('precision')).toMatchObject({ value: 1, n: 12, references: 12, neighbours: 2 })
    expect(of('recall', 'within prompts')).toMatchObject({ value: 1, n: 1, missing: 1 })
    const { embeddings } = outputs
    expect(of('frechet-distance')?.value).toBe(frechetDistance(embeddings, reference.embeddings))
    expect(of('frechet-distance', 'within prompts')).toBeUndefined()
    expect(of('frechet-distance')?.interval?.method).toBe('delete-a-group jackknife, by prompt')
  })

  it('has no score without a reason', () => {
    const alone = scored({
      outputs: set([
        [at(0), null],
        [at(9), null],
      ]),
      threshold: null,
    })
    for (const score of alone.scores) {
      if (score.value === null || score.interval === null) expect(score.reason).toMatch(/\.$/)
    }
    expect(alone.of('near-duplicates')?.reason).toMatch(/threshold/)
    expect(alone.of('vendi-1', 'within prompts')?.reason).toBe('No prompt has two pictures.')
    const few = scored({ outputs: split, reference: set([[at(0), 'a']]) })
    expect(few.of('recall')?.reason).toBe('Both sets need more than 2 pictures.')
    expect(few.of('frechet-distance')?.reason).toBe('Both sets need more than 1 pictures.')
    expect(few.of('recall', 'within prompts')?.reason).toMatch(/^No prompt has more than 2/)
  })

  it('has values and no interval where leaving prompts out leaves too little', () => {
    const outputs = set([
      [at(0), 'a'],
      [at(30), 'a'],
      [at(60), 'b'],
    ])
    const { of } = scored({ outputs, reference: outputs })
    expect(of('precision')).toMatchObject({ value: 1, interval: null })
    expect(of('frechet-distance')).toMatchObject({ value: expect.closeTo(0, 6), interval: null })
    const one = scored({
      outputs: set([
        [at(0), 'a'],
        [at(30), 'a'],
      ]),
    })
    expect(one.of('vendi-1')).toMatchObject({ interval: null })
  })
})

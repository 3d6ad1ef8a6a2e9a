import {
  type AuditContext,
  type AuditSet,
  createMatrix,
  createRandom,
  type TextEncoder as PromptEncoder,
} from '@assay/core'
import { normalizeRows } from '@assay/core/linear-algebra'
import { auditConformance, bruteForceIndex } from '@assay/core/testing'
import { describe, expect, it } from 'vitest'
import { formatConceptFilter } from '../artefact/format-concept-filter.js'
import { createConceptFilter } from '../filter/create-concept-filter.js'
import { createConceptPair } from '../pairs/create-concept-pair.js'
import { conceptFilterAudit } from './concept-filter-audit.js'

const columns = 4
const space = { dimensions: columns, space: 'words', fingerprint: 'encoder' } as const

/** One direction a word. */
const words = ['tiger', 'animal', 'storm', 'calm']
const directionOf = (text: string) => words.map((word) => Number(word === text))

const textEncoder: PromptEncoder = {
  specificationVersion: 1,
  id: 'words',
  ...space,
  embedTexts: async (texts) => ({
    embeddings: createMatrix({
      data: texts.map(({ text }) => directionOf(text)),
      ids: texts.map(({ id }) => id),
      fingerprint: space.fingerprint,
    }),
    failures: [],
  }),
}

const tiger = { id: 'tiger', unacceptable: ['tiger'], acceptable: ['animal'] }
const storm = { id: 'storm', unacceptable: ['storm'], acceptable: ['calm'], relation: 'opposite' }

/** Forty outputs of ten prompts: a picture a prompt shows a tiger, the others an animal; all are calm. */
const { normal } = createRandom('concept-filter-audit')
const isTiger = (row: number) => row % 4 === 0
const rows = Array.from({ length: 40 }, (_, row) => {
  const noise = () => 0.05 * normal()
  const [shown, other] = [1 + noise(), 0.2 + noise()]
  return isTiger(row) ? [shown, other, noise(), 0.6] : [other, shown, noise(), 0.6]
})

function outputs(): AuditSet {
  const ids = rows.map((_, row) => `${row}.png`)
  return {
    items: ids.map((id, row) => ({
      ...{ id, path: id, metadata: {} },
      prompt: `prompt ${Math.floor(row / 4)}`,
    })),
    embeddings: normalizeRows(createMatrix({ data: rows, ids, fingerprint: space.fingerprint })),
    promptEmbeddings: null,
    truncatedPrompts: [],
    failures: [],
  }
}

const side = (word: string) => ({
  prompts: [word],
  embeddings: createMatrix({ data: [directionOf(word)], fingerprint: space.fingerprint }),
})

/** A filter in a file, which knows its drift and flags nothing. */
const stored = formatConceptFilter(
  createConceptFilter({
    drift: 0.3,
    pairs: [
      createConceptPair({
        id: 'tiger',
        unacceptable: side('tiger'),
        acceptable: side('animal'),
        relation: 'subset',
        threshold: { margin: 0.9 },
        provenance: { vectors: 'zero-shot', threshold: 'split-conformal', details: {} },
      }),
    ],
  }),
)

const createContext = (): AuditContext => ({
  inputs: {
    outputs: outputs(),
    protected: null,
    reference: null,
    training: null,
    generator: null,
    classifier: null,
    textEncoder,
  },
  nearDuplicateThreshold: null,
  engine: null,
  files: new Map([['filter.json', new TextEncoder().encode(stored)]]),
  pictureSets: new Map(),
  createIndex: async (vectors, metric) => bruteForceIndex(vectors, metric),
  random: createRandom(1),
  progress: () => {},
  signal: new AbortController().signal,
})

const run = (options: object, change: Partial<AuditContext> = {}) =>
  conceptFilterAudit.run(
    { ...createContext(), ...change },
    conceptFilterAudit.parseOptions(options),
  )

const measure = (result: Awaited<ReturnType<typeof run>>, id: string, group?: string) =>
  result.measures.find((each) => each.id === id && each.group === group)

describe('the concept-filter audit', () => {
  for (const options of [{ pairs: [tiger, storm] }, { filter: 'filter.json' }]) {
    const kit = auditConformance({ audit: conceptFilterAudit, createContext, options })
    for (const { name, run: check } of kit) {
      it(`${name}, with ${Object.keys(options).join()}`, check)
    }
  }

  it('tells the share that each pair flags, and any, with intervals by prompt', async () => {
    const result = await run({ pairs: [tiger, storm] })
    expect(measure(result, 'flagged')).toMatchObject({ value: 0.25, n: 40 })
    expect(measure(result, 'flagged', 'tiger')?.value).toBe(0.25)
    expect(measure(result, 'flagged', 'storm')?.value).toBe(0)
    expect(measure(result, 'flagged')?.interval?.method).toMatch(/by prompt/)
    expect(measure(result, 'within-drift')?.value).toBeNull()
  })

  it('gives every flagged output with what flagged it, farthest first', async () => {
    const { findings, items } = await run({ pairs: [tiger, storm] })
    expect(findings).toHaveLength(10)
    expect(new Set(findings.map(({ title }) => title))).toEqual(new Set(['Flagged: tiger']))
    const margins = findings.map(({ evidence }) => Number(evidence['margin']))
    expect(margins).toEqual([...margins].sort((one, other) => other - one))
    items.forEach(({ scores }, row) => {
      expect(scores['decision']).toBe(isTiger(row) ? 'flagged' : 'passed')
      expect(scores['relativeRadius']).toBeGreaterThan(0)
    })
  })

  it('certifies passed outputs by the pair that is nearest to flagging them', async () => {
    const { items, measures } = await run({ pairs: [tiger, storm] })
    const passed = items.filter(({ scores }) => scores['decision'] === 'passed')
    // Both sides are orthogonal unit vectors: at a margin of d the radius is |d| / sqrt 2.
    const radii = passed.map(({ scores }) =>
      Math.min(
        ...words.flatMap((id) => scores[`margin:${id}`] ?? []).map((m) => Math.abs(Number(m))),
      ),
    )
    const mean = radii.reduce((sum, radius) => sum + radius / Math.SQRT2, 0) / radii.length
    const found = measures.find(({ id }) => id === 'passed-radius')
    expect(found?.n).toBe(30)
    expect(found?.value).toBeCloseTo(mean, 6)
  })

  it('draws how many decisions stand against longer and longer noise', async () => {
    const { curves, items } = await run({ pairs: [tiger, storm] })
    const [curve] = curves ?? []
    const values = curve?.points.map(({ measure }) => measure.value ?? Number.NaN) ?? []
    expect(values[0]).toBe(1)
    expect(values.every((value, at) => at === 0 || value <= (values[at - 1] ?? 0))).toBe(true)
    const standing = (at: number) =>
      items.filter(({ scores }) => Number(scores['relativeRadius']) >= at).length / items.length
    curve?.points.forEach(({ at, measure }) => {
      expect(measure.value).toBeCloseTo(standing(at), 12)
    })
  })

  it('takes the drift of a filter in a file, and counts what is certified no more', async () => {
    const result = await run({ filter: 'filter.json' })
    expect(measure(result, 'flagged')?.value).toBe(0)
    const share = measure(result, 'within-drift')?.value
    // Tigers are within .3 of a threshold of .9; animals are far below it.
    expect(share).toBe(0.25)
    expect(
      measure(await run({ filter: 'filter.json', drift: 0 }), 'within-drift')?.value,
    ).toBeNull()
  })

  it('warns of thresholds that nobody calibrated', async () => {
    expect((await run({ pairs: [tiger] })).warnings).toMatchObject([{ code: 'NOT_CALIBRATED' }])
    expect((await run({ filter: 'filter.json' })).warnings).toEqual([])
  })

  it('names the file of its options', () => {
    const options = conceptFilterAudit.parseOptions({ filter: 'filter.json' })
    expect(conceptFilterAudit.files?.(options)).toEqual(['filter.json'])
    expect(conceptFilterAudit.files?.(conceptFilterAudit.parseOptions({ pairs: [tiger] }))).toEqual(
      [],
    )
  })

  it.each([
    ['both', { pairs: [tiger], filter: 'filter.json' }],
    ['a threshold of one', { pairs: [tiger], threshold: 1 }],
  ])('refuses %s', (_, options) => {
    expect(() => conceptFilterAudit.parseOptions(options)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    )
  })

  it('is not applicable where nobody says what outputs must not show', async () => {
    const result = await run({})
    expect(result.status).toBe('notApplicable')
    expect(result.measures.every(({ value, reason }) => value === null && reason)).toBe(true)
    expect(result.warnings).toMatchObject([{ code: 'MISSING_INPUT' }])
  })

  it('refuses an unknown preset, words without a text encoder, and a file that is no filter', async () => {
    await expect(run({ pairs: ['violins'] })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    const inputs = { ...createContext().inputs, textEncoder: null }
    await expect(run({ pairs: [tiger] }, { inputs })).rejects.toMatchObject({
      code: 'MISSING_INPUT',
    })
    const files = new Map([['filter.json', new TextEncoder().encode('{}')]])
    await expect(run({ filter: 'filter.json' }, { files })).rejects.toMatchObject({
      code: 'MALFORMED_METADATA',
    })
  })
})

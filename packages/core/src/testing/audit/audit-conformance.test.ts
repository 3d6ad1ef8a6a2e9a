import { describe, expect, it } from 'vitest'
import type { Audit, AuditContext, AuditResult } from '../../contracts/audit.js'
import type { Measure } from '../../contracts/measure.js'
import { AssayError } from '../../errors/assay-error.js'
import { createMatrix } from '../../matrix/create-matrix.js'
import { createRandom } from '../../random/create-random.js'
import { bruteForceIndex } from '../index/brute-force-index.js'
import { auditConformance, checkAudit } from './audit-conformance.js'

const share = {
  title: 'Share',
  description: 'A share.',
  unit: 'share',
  range: [0, 1],
  higherIsBetter: true,
} as const

const measure: Measure = {
  id: 'good-share',
  value: 0.5,
  unit: 'share',
  n: 4,
  missing: 0,
  interval: { low: 0.2, high: 0.8, level: 0.95, method: 'wilson' },
}

const absent: Measure = {
  id: 'bad-share',
  group: 'cats',
  value: null,
  unit: 'share',
  n: 0,
  missing: 4,
  interval: null,
  reason: 'There are no cats.',
}

const result: AuditResult = {
  id: 'sample-audit',
  status: 'informative',
  measures: [measure, absent, { ...measure, group: 'dogs' }],
  findings: [
    { id: 'f', title: 'Found', severity: 'low', items: ['outputs/a'], evidence: { cosine: 0.9 } },
  ],
  warnings: [{ code: 'FEW', count: 1, message: 'Few pictures.' }],
  items: [{ id: 'a', scores: { cosine: 0.5, nearest: 'b', other: null } }],
}

const audit: Audit<object> = {
  specificationVersion: 1,
  meta: {
    id: 'sample-audit',
    question: 'Is it good?',
    title: 'It is good',
    failureTitle: 'It is bad',
    description: 'Says so.',
    references: ['A paper'],
    measures: [
      { id: 'good-share', ...share },
      { id: 'bad-share', ...share, range: [null, null] },
    ],
  },
  needs: ['outputs'],
  parseOptions(options) {
    if ('no-such-option' in Object(options)) {
      throw new AssayError({ code: 'CONFIG_UNKNOWN_KEY', message: '.', remedy: '.' })
    }
    return Object(options) as object
  },
  run: async () => result,
}

const createContext = (): AuditContext => ({
  inputs: {
    outputs: {
      items: [{ id: 'a', path: 'a.png', prompt: null, metadata: {} }],
      embeddings: createMatrix({ data: [[1, 0]], normalized: true }),
      promptEmbeddings: null,
      truncatedPrompts: [],
      failures: [],
    },
    protected: null,
    reference: null,
    training: null,
    generator: null,
    classifier: null,
    textEncoder: null,
  },
  nearDuplicateThreshold: null,
  engine: null,
  files: new Map(),
  pictureSets: new Map(),
  createIndex: async (vectors, metric) => bruteForceIndex(vectors, metric),
  random: createRandom(1),
  progress: () => {},
  signal: new AbortController().signal,
})

describe('an honest audit', () => {
  for (const { name, run } of auditConformance({ audit, createContext })) it(name, run)

  it('passes as a whole, with options of its user', () =>
    checkAudit({ audit, createContext, options: { level: 0.9 } }))
})

const meta = (change: Partial<Audit['meta']>): Partial<Audit<object>> => ({
  meta: { ...audit.meta, ...change },
})
const measureMeta = (change: object) =>
  meta({ measures: audit.meta.measures.map((each) => ({ ...each, ...change })) })
const answer = (change: object): Partial<Audit<object>> => ({
  run: async () => ({ ...result, ...change }),
})
const figure = (change: object) => answer({ measures: [{ ...measure, ...change }] })
const interval = (change: object) => figure({ interval: { ...measure.interval, ...change } })
const finding = (change: object) => answer({ findings: [{ ...result.findings[0], ...change }] })
const warning = (change: object) => answer({ warnings: [{ ...result.warnings[0], ...change }] })

let runs = 0

const breaks: Record<string, readonly [demand: string, change: Partial<Audit<object>>]> = {
  'a specification of the future': ['says what it asks', { specificationVersion: 2 as 1 }],
  'an id that is not in kebab-case': ['says what it asks', meta({ id: 'sampleAudit' })],
  'an empty question': ['says what it asks', meta({ question: '' })],
  'an empty title': ['says what it asks', meta({ title: '' })],
  'an empty failure title': ['says what it asks', meta({ failureTitle: ' ' })],
  'an empty description': ['says what it asks', meta({ description: '' })],
  'no references': ['says what it asks', meta({ references: [] })],
  'an empty reference': ['says what it asks', meta({ references: [''] })],
  'no measures': ['declares each measure', meta({ measures: [] })],
  'two measures of one name': ['declares each measure', measureMeta({ id: 'good-share' })],
  'a measure whose id has capitals': ['declares each measure', measureMeta({ id: 'Good' })],
  'a measure without a unit': ['declares each measure', measureMeta({ unit: '' })],
  'a measure without a title': ['declares each measure', measureMeta({ title: '' })],
  'a measure without a description': ['declares each measure', measureMeta({ description: '' })],
  'a measure of an empty range': ['declares each measure', measureMeta({ range: [1, 1] })],
  'no needs': ['says what it needs', { needs: [] }],
  'a need that stands twice': ['says what it needs', { needs: ['outputs', 'outputs'] }],
  'any option': ['refuses an option', { parseOptions: (options) => Object(options) as object }],
  'the id of another audit': ['answers with its id', answer({ id: 'another' })],
  'a status of its own': ['answers with its id', answer({ status: 'fine' })],
  'a measure that is not declared': ['measures what it declares', figure({ id: 'other' })],
  'a measure that stands twice': [
    'measures what it declares',
    answer({ measures: [measure, measure] }),
  ],
  'another unit': ['measures what it declares', figure({ unit: 'pictures' })],
  'a value out of range': ['measures what it declares', figure({ value: 1.5 })],
  'an n that is no count': ['measures what it declares', figure({ n: 1.5 })],
  'a negative number of missing': ['measures what it declares', figure({ missing: -1 })],
  'a missing value without a reason': ['gives a reason', figure({ value: null, interval: null })],
  'a missing interval without a reason': ['gives a reason', figure({ interval: null })],
  'an empty reason': ['gives a reason', figure({ interval: null, reason: ' ' })],
  'an interval beside its value': ['intervals around', interval({ low: 0.6 })],
  'an interval below its value': ['intervals around', interval({ high: 0.4 })],
  'an interval without a value': ['intervals around', figure({ value: null, group: 'dogs' })],
  'a level that is a percentage': ['intervals around', interval({ level: 95 })],
  'an interval without a method': ['intervals around', interval({ method: '' })],
  'a finding without an id': ['findings, warnings and scores', finding({ id: '' })],
  'a finding without a title': ['findings, warnings and scores', finding({ title: '' })],
  'a severity of its own': ['findings, warnings and scores', finding({ severity: 'dire' })],
  'a finding with a caption too many': [
    'findings, warnings and scores',
    finding({ captions: ['what it is', 'another'] }),
  ],
  'a finding with an empty caption': ['findings, warnings and scores', finding({ captions: [''] })],
  'a finding about nothing': ['findings, warnings and scores', finding({ items: [''] })],
  'two findings of one name': [
    'findings, warnings and scores',
    answer({ findings: [...result.findings, ...result.findings] }),
  ],
  'a warning without a code': ['findings, warnings and scores', warning({ code: '' })],
  'a warning without a message': ['findings, warnings and scores', warning({ message: '' })],
  'a warning without a count': ['findings, warnings and scores', warning({ count: -1 })],
  'two items of one name': [
    'findings, warnings and scores',
    answer({ items: [...result.items, ...result.items] }),
  ],
  'a score that is NaN': [
    'plain JSON',
    answer({ items: [{ id: 'a', scores: { cosine: Number.NaN } }] }),
  ],
  'a value that is undefined': ['plain JSON', figure({ reason: undefined })],
  'an array of float32': ['plain JSON', finding({ evidence: { cosines: new Float32Array(2) } })],
  'an answer that wanders': [
    'the same answer again',
    {
      run: async () => {
        runs += 1
        return { ...result, warnings: [{ code: 'FEW', count: runs, message: 'Few.' }] }
      },
    },
  ],
}

describe('checkAudit', () => {
  it.each(Object.entries(breaks))('catches %s', async (_, [demand, change]) => {
    const broken = { ...audit, ...change }
    const failed = await checkAudit({ audit: broken, createContext }).catch(
      (error: unknown) => error,
    )
    expect(failed).toMatchObject({
      code: 'CONFORMANCE_FAILED',
      value: expect.arrayContaining([expect.stringContaining(demand)]),
    })
  })
})

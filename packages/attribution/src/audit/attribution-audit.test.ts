import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AuditContext, type AuditSet, createMatrix, createRandom } from '@assay/core'
import { normalizeRows } from '@assay/core/linear-algebra'
import { auditConformance, bruteForceIndex } from '@assay/core/testing'
import { describe, expect, it } from 'vitest'
import { createAttributionHead } from '../head/create-attribution-head.js'
import { writeHeadFile } from '../node/head/write-head-file.js'
import { attributionAudit } from './attribution-audit.js'

const columns = 8
const { normal } = createRandom('attribution-audit')
const draw = () => Array.from({ length: columns }, normal)
const artists = ['ann', 'bob', null]

/** Ninety training pictures; four outputs near the first of every three, two of a prompt. */
const trainingRows = Array.from({ length: 90 }, draw)
const outputRows = Array.from({ length: 40 }, (_, output) =>
  (trainingRows[3 * (output % 20)] ?? []).map((value) => value + 0.02 * normal()),
)

function set(
  rows: readonly (readonly number[])[],
  item: (row: number) => { readonly prompt?: string; readonly metadata?: object },
): AuditSet {
  const ids = rows.map((_, row) => `${row}.png`)
  return {
    items: ids.map((id, row) => ({ id, path: id, prompt: null, metadata: {}, ...item(row) })),
    embeddings: normalizeRows(createMatrix({ data: rows, ids, fingerprint: 'encoder' })),
    promptEmbeddings: null,
    truncatedPrompts: [],
    failures: [],
  } as AuditSet
}

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const calibration = {
  format: 'assay.attribution.calibration',
  specificationVersion: 1,
  inverseTemperature: 20,
  bias: -0.05,
  fingerprint: null,
  fittedOn: null,
}

const createContext = (): AuditContext => ({
  inputs: {
    outputs: set(outputRows, (row) => ({ prompt: `prompt ${row % 20}` })),
    training: set(trainingRows, (row) => ({ metadata: { artist: artists[row % 3] } })),
    protected: null,
    reference: null,
    generator: null,
    classifier: null,
    textEncoder: null,
  },
  nearDuplicateThreshold: null,
  engine: null,
  files: new Map([['calibration.json', encode(calibration)]]),
  pictureSets: new Map(),
  createIndex: async (vectors, metric) => bruteForceIndex(vectors, metric),
  random: createRandom(1),
  progress: () => {},
  signal: new AbortController().signal,
})

const run = (options: object, change: Partial<AuditContext> = {}) =>
  attributionAudit.run({ ...createContext(), ...change }, attributionAudit.parseOptions(options))
const full = { calibration: 'calibration.json', groupBy: 'artist' }

describe('the attribution audit', () => {
  for (const { name, run: check } of auditConformance({ audit: attributionAudit, createContext })) {
    it(name, check)
  }
  const withOptions = { audit: attributionAudit, createContext, options: full }
  for (const { name, run: check } of auditConformance(withOptions)) {
    it(`${name}, with a calibration and groups`, check)
  }

  it('finds the training picture that each output was made from, and says so with its evidence', async () => {
    const { items, findings, measures } = await run(full)
    items.forEach(({ id, scores }, row) => {
      expect([id, scores['match']]).toEqual([`${row}.png`, `${3 * (row % 20)}.png`])
    })
    expect(measures.find(({ id }) => id === 'dominated')).toMatchObject({ value: 1, n: 40 })
    expect(findings).toHaveLength(40)
    const [first] = findings
    expect(first?.items[1]).toMatch(/^training\//)
    expect(first?.evidence['influences']).toMatch(/^(\d+\.\d %(, )?){5}$/)
  })

  it('credits artists, the pictures of none included, with intervals by prompt', async () => {
    const { measures } = await run(full)
    const credits = measures.filter(({ id }) => id === 'group-credit')
    expect(credits.map(({ group }) => group)).toContain('ann')
    expect(credits.find(({ group }) => group === 'ann')?.value).toBeGreaterThan(0.95)
    const total = credits.reduce((sum, { value }) => sum + (value ?? 0), 0)
    expect(total).toBeCloseTo(1, 9)
  })

  it('has no influence without a calibration, and says why', async () => {
    const { measures, findings } = await run({})
    expect(measures.filter(({ value }) => value === null).map(({ id }) => id)).toEqual([
      'dominated',
      'top-influence',
      'support',
    ])
    expect(measures.find(({ id }) => id === 'top-score')?.value).toBeGreaterThan(0.95)
    expect(findings).toEqual([])
  })

  it('maps both sides by the head that its options name; the identity changes nothing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assay-audit-'))
    const weight = Float64Array.from({ length: columns ** 2 }, (_, at) => Number(at % 9 === 0))
    const head = await createAttributionHead({
      real: {
        form: 'linear',
        columns,
        outputColumns: columns,
        weight,
        bias: new Float64Array(columns),
      },
      expects: { normalized: true, fingerprint: 'encoder' },
    })
    await writeHeadFile(join(folder, 'head.safetensors'), head)
    const bytes = await readFile(join(folder, 'head.safetensors'))
    await rm(folder, { recursive: true })
    const files = new Map([...createContext().files, ['head.safetensors', bytes]])
    const mapped = await run({ ...full, head: 'head.safetensors' }, { files })
    expect(mapped.items).toEqual((await run(full)).items)
  })

  it('names the files of its options', () => {
    const options = attributionAudit.parseOptions({ head: 'a.safetensors', ...full })
    expect(attributionAudit.files?.(options)).toEqual(['a.safetensors', 'calibration.json'])
    expect(attributionAudit.files?.(attributionAudit.parseOptions({}))).toEqual([])
  })

  it('refuses a field that no training picture has', async () => {
    await expect(run({ ...full, groupBy: 'painter' })).rejects.toMatchObject({
      code: 'MISSING_INPUT',
      value: 'painter',
    })
  })

  it('refuses a file that is no calibration, and a head that is none', async () => {
    const files = new Map([['calibration.json', encode({ bias: 1 })]])
    await expect(run(full, { files })).rejects.toMatchObject({ code: 'MALFORMED_METADATA' })
    const heads = new Map([['head', new Uint8Array(3)]])
    await expect(run({ head: 'head' }, { files: heads })).rejects.toMatchObject({
      code: 'MALFORMED_SAFETENSORS',
    })
  })
})

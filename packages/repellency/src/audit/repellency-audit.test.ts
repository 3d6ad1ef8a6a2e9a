import { type AuditContext, type AuditSet, createMatrix, createRandom } from '@assay/core'
import { auditConformance, bruteForceIndex } from '@assay/core/testing'
import { describe, expect, it } from 'vitest'
import { memorised, memorisingGenerator, side } from '../__fixtures__/memorising-generator.js'
import { shieldEvidence } from '../evidence/make-shield-evidence.js'
import { pixelSpace } from '../generator/pixel-space.js'
import { shieldGenerator } from '../generator/shield-generator.js'
import type { FinishedPicture, RequestEvidence } from '../generator/shielded-generator.js'
import { referencesInMemory } from '../references/references-in-memory.js'
import { protect } from '../shield/protect.js'
import { repellencyAudit } from './repellency-audit.js'

const cosine = (degrees: number) => Math.cos((degrees / 180) * Math.PI)
/** Pictures within 5 degrees are near-duplicates. */
const nearDuplicateThreshold = cosine(5)

/** Pictures by their directions in the plane, so that every figure can be worked out by hand. */
function planeSet(directions: readonly (readonly [degrees: number, prompt?: string])[]): AuditSet {
  const ids = directions.map((_, row) => `${row}.png`)
  return {
    items: directions.map(([, prompt = null], row) => ({
      ...{ id: `${row}.png`, path: `${row}.png`, prompt, metadata: {} },
    })),
    embeddings: createMatrix({
      data: directions.map(([degrees]) => [cosine(degrees), cosine(degrees - 90)]),
      columns: 2,
      ids,
      normalized: true,
    }),
    promptEmbeddings: null,
    truncatedPrompts: [],
    failures: [],
  }
}

const outputs = planeSet([
  [1, 'a frog'], // Nearer to 0.png of the protected set than its own neighbour at 20 degrees: a copy.
  [3, 'a frog'], // The same, and within 5 degrees of the one before.
  [30, 'a frog'], // 10 degrees from 1.png, whose neighbour is 20 away: not authentic, and no copy.
  [99, 'a bus'], // 1 degree from 2.png: a copy.
  [140, 'a bus'], // 40 degrees from 2.png, whose neighbour is 80 away: not authentic either.
  [250, 'a bus'], // 110 degrees from 0.png: authentic.
])
const protectedSet = planeSet([[0], [20], [100]])

const inputs = {
  outputs,
  protected: protectedSet,
  reference: null,
  training: null,
  generator: null,
  classifier: null,
  textEncoder: null,
}

function firstRows({ embeddings }: AuditSet, rows: number) {
  const { columns, data, ids } = embeddings
  return createMatrix({
    data: data.slice(0, rows * columns),
    columns,
    ids: ids?.slice(0, rows) ?? [],
    normalized: true,
  })
}

const createContext = (change: Partial<AuditContext['inputs']> = {}): AuditContext => ({
  inputs: { ...inputs, ...change },
  nearDuplicateThreshold,
  engine: null,
  files: new Map([['shield.json', encoded(evidence())]]),
  pictureSets: new Map(),
  createIndex: async (vectors, metric) => bruteForceIndex(vectors, metric),
  random: createRandom(1),
  progress: () => {},
  signal: new AbortController().signal,
})

const run = (options: object = {}, change: Partial<AuditContext['inputs']> = {}) =>
  repellencyAudit.run(createContext(change), repellencyAudit.parseOptions(options))

type Result = Awaited<ReturnType<typeof run>>
const measure = ({ measures }: Result, id: string, group?: string) =>
  measures.find((each) => each.id === id && each.group === group)

const encoded = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

const untouched = (seed: number): FinishedPicture => ({
  ...{ seed, outcome: 'image', finishedDistance: null, calls: 4, activeCalls: 0, shields: 0 },
  ...{ firstActive: null, lastActive: null, nearest: null, nearestAfter: null, met: [] },
})

const call = (index: number, active: number): RequestEvidence['calls'][number] => ({
  ...{ index, timestep: 1 - index / 4, pictures: 3, active, shields: active, copies: 0 },
  ...{ correction: active, relativeCorrection: active === 0 ? 0 : 0.1 * active },
  ...(active === 0 ? { nearest: null, nearestAfter: null } : { nearest: 1, nearestAfter: 2 }),
})

/** Two requests of three pictures at four model calls each, with shields of radius 2. */
function evidence(change: Partial<RequestEvidence> = {}) {
  const shared = {
    ...({ preset: 'protect', space: 'pixels 8x8', radius: 2, margin: 0.1 } as const),
    ...{ overcompensation: 1.6, strict: true, references: 3 },
  }
  const met = [
    { row: 2, distance: 1 },
    { row: 7, distance: 1.5 },
  ]
  const touched = { activeCalls: 2, firstActive: 0, lastActive: 1, shields: 3, met }
  const frogs: RequestEvidence = {
    ...{ ...shared, prompt: 'a frog', calls: [2, 1, 0, 0].map((active, at) => call(at, active)) },
    pictures: [
      { ...untouched(1), ...touched, nearest: 1, nearestAfter: 2.5 },
      { ...untouched(2), ...touched, activeCalls: 1, shields: 1, nearest: 1.5, nearestAfter: 2.1 },
      untouched(3),
    ],
    ...change,
  }
  const buses: RequestEvidence = {
    ...{ ...shared, prompt: 'a bus', calls: [0, 0, 0, 0].map((active, at) => call(at, active)) },
    pictures: [untouched(1), untouched(2), { ...untouched(3), outcome: 'rejected' }],
    ...change,
  }
  return shieldEvidence({
    generator: { id: 'a generator', fingerprint: null },
    requests: [frogs, buses],
    fileOf: ({ prompt, seed }) => `${seed - 1 + (prompt === 'a frog' ? 0 : 3)}.png`,
    referenceOf: (row) => `${row}.png`,
    base: [1, 2, 3, 4].map((seed) => ({
      ...{ prompt: seed < 3 ? 'a frog' : 'a bus', seed },
      finishedDistance: seed === 1 ? 0.5 : null,
    })),
  })
}

describe('the repellency audit', () => {
  const all = { evidence: 'shield.json', against: ['protected', 'training'] }
  for (const options of [{}, all]) {
    const kit = auditConformance({ audit: repellencyAudit, createContext, options })
    for (const { name, run: check } of kit) {
      it(`${name}, with ${Object.keys(options).join() || 'no options'}`, check)
    }
  }

  it('names the file of its options', () => {
    const filesOf = (options: object) =>
      repellencyAudit.files?.(repellencyAudit.parseOptions(options))
    expect(filesOf({ evidence: 'a/shield.json' })).toEqual(['a/shield.json'])
    expect(filesOf({})).toEqual([])
  })

  it('names the picture sets of its options', () => {
    const setsOf = (options: object) =>
      repellencyAudit.pictureSets?.(repellencyAudit.parseOptions(options))
    const shown = { base: 'plain', nearest: 'a/nearest' }
    expect(setsOf({ evidence: 'a/shield.json', ...shown })).toEqual(shown)
    expect(setsOf({})).toEqual({})
  })

  it.each([
    ...[{ against: [] }, { against: ['outputs'] }, { neighbours: 0 }, { level: 1 }],
    ...[{ base: 'plain' }, { nearest: 'a/nearest' }],
  ])('refuses the options %j', (options) => {
    expect(() => repellencyAudit.parseOptions(options)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    )
  })
})

describe('what outputs reproduce', () => {
  it('counts outputs, and pictures of the set, by the calibrated threshold', async () => {
    const result = await run()
    expect(measure(result, 'memorised', 'protected')).toMatchObject({ value: 3 / 6, n: 6 })
    expect(measure(result, 'reproduced', 'protected')).toMatchObject({ value: 2 / 3, n: 3 })
    const strict = await run({ nearDuplicateThreshold: cosine(2) })
    expect(measure(strict, 'memorised', 'protected')?.value).toBe(2 / 6)
  })

  it('calls authentic what is farther from its nearest picture than that one from its own neighbour', async () => {
    const result = await run()
    expect(measure(result, 'authenticity', 'protected')).toMatchObject({ value: 1 / 6, n: 6 })
    const one = planeSet([[0]])
    const alone = measure(await run({}, { protected: one }), 'authenticity', 'protected')
    expect(alone).toMatchObject({ value: null, missing: 6 })
    expect(alone?.reason).toMatch(/one picture/)
  })

  it('calls an exact copy not authentic, also of a picture that stands twice', async () => {
    const twice = planeSet([[30], [30], [30], [200]])
    const result = await run(
      {},
      {
        outputs: planeSet([
          [30, 'a'],
          [31, 'b'],
        ]),
        protected: twice,
      },
    )
    expect(measure(result, 'authenticity', 'protected')?.value).toBe(0.5)
  })

  it('gives percentiles of the likeness, which are values of outputs, with intervals by prompt', async () => {
    const result = await run()
    const degrees = [110, 40, 10, 3, 1, 1]
    const at = { p50: 2, p75: 4, p90: 5, p95: 5 }
    for (const [percentile, rank] of Object.entries(at)) {
      const { value, interval } = measure(result, `similarity-${percentile}`, 'protected') ?? {}
      expect(value).toBeCloseTo(cosine(degrees[rank] ?? 0), 6)
      expect(interval?.method).toMatch(/by prompt$/)
    }
  })

  it('tells each reproduced picture once, the most alike first, with all its outputs', async () => {
    const { findings, items } = await run()
    expect(findings.map(({ items: pictures }) => pictures)).toEqual([
      ['protected/0.png', 'outputs/0.png', 'outputs/1.png'],
      ['protected/2.png', 'outputs/3.png'],
    ])
    expect(findings[0]?.evidence).toMatchObject({ outputs: 2, prompts: 1, prompt: 'a frog' })
    expect(findings[0]?.evidence['neighbourCosine']).toBeCloseTo(cosine(20), 6)
    expect(items[4]?.scores).toMatchObject({ protectedNearest: '2.png' })
    expect(items[4]?.scores['protectedNeighbourCosine']).toBeCloseTo(cosine(80), 6)
  })

  it('compares with training pictures where only those are given, or with both on demand', async () => {
    const groups = async (...given: Parameters<typeof run>) =>
      new Set((await run(...given)).measures.flatMap(({ group }) => group ?? []))
    expect(await groups({}, { protected: null, training: protectedSet })).toEqual(
      new Set(['training']),
    )
    const both = { against: ['training', 'protected'] }
    expect(await groups(both, { training: protectedSet })).toEqual(
      new Set(['training', 'protected']),
    )
  })

  it.each([
    ['no set', {}, { protected: null }, /Neither/],
    ['a set that is not there', { against: ['training'] }, {}, /no training/],
    ['an empty set', {}, { protected: planeSet([]) }, /no protected/],
  ])('measures nothing against %s, and says why', async (_, options, change, reason) => {
    const { measures } = await run(options, change)
    const missed = measures.filter(({ id }) => !id.startsWith('prompt-'))
    expect(missed).toHaveLength(7)
    for (const each of missed) expect(each).toMatchObject({ value: null, missing: 6 })
    for (const each of missed) expect(each.reason).toMatch(reason)
  })

  it('counts no copies without a calibrated threshold', async () => {
    const context = { ...createContext(), nearDuplicateThreshold: null }
    const result = await repellencyAudit.run(context, repellencyAudit.parseOptions({}))
    for (const id of ['memorised', 'reproduced']) {
      expect(measure(result, id, 'protected')).toMatchObject({ value: null })
    }
    expect(measure(result, 'prompt-repeats')).toMatchObject({ value: null })
    expect(result.findings).toEqual([])
    expect(measure(result, 'authenticity', 'protected')?.value).toBe(1 / 6)
  })
})

describe('diversity within prompts', () => {
  it('averages over prompts, and counts those of one picture as missing', async () => {
    const set = planeSet([
      ...([
        [0, 'same'],
        [0, 'same'],
        [90, 'two'],
        [0, 'two'],
      ] as const),
      ...([[10, 'alone'], [45]] as const),
    ])
    const result = await run({}, { outputs: set })
    expect(measure(result, 'prompt-vendi')).toMatchObject({ n: 2, missing: 1 })
    expect(measure(result, 'prompt-vendi')?.value).toBeCloseTo((1 + 2) / 2, 6)
    expect(measure(result, 'prompt-repeats')).toMatchObject({ value: 0.5, n: 4, missing: 2 })
    expect(result.warnings).toEqual([])
  })

  it('warns where prompts have unequal numbers of pictures', async () => {
    const set = planeSet([
      [0, 'a'],
      [9, 'a'],
      [9, 'b'],
      [40, 'b'],
      [80, 'b'],
    ])
    expect((await run({}, { outputs: set })).warnings).toMatchObject([{ code: 'UNEQUAL_PROMPTS' }])
  })

  it('compares each prompt with the reference pictures of that prompt alone', async () => {
    const frogs = [0, 10, 20, 30] as const
    const buses = [180, 190, 200, 210] as const
    const set = (named: readonly [string, string]) =>
      planeSet([
        ...frogs.map((degrees) => [degrees, named[0]] as const),
        ...buses.map((degrees) => [degrees, named[1]] as const),
      ])
    const right = ['a frog', 'a bus'] as const
    const likeness = async (reference: AuditSet) =>
      run({ neighbours: 2 }, { outputs: set(right), reference })
    const same = await likeness(set(right))
    const swapped = await likeness(set(['a bus', 'a frog']))
    for (const id of ['precision', 'recall', 'density', 'coverage']) {
      expect(measure(same, `prompt-${id}`)).toMatchObject({ n: 2, missing: 0 })
      expect(measure(same, `prompt-${id}`)?.value).toBeGreaterThan(0.9)
      expect(measure(swapped, `prompt-${id}`)?.value).toBe(0)
    }
    const other = await likeness(set(['a tulip', 'a bus']))
    expect(measure(other, 'prompt-recall')).toMatchObject({ n: 1, missing: 1 })
  })

  it('says why prompts cannot be compared', async () => {
    expect(measure(await run(), 'prompt-recall')?.reason).toBe('No reference set was given.')
    const few = await run({}, { reference: outputs })
    expect(measure(few, 'prompt-recall')?.reason).toMatch(/more than 5/)
    const none = await run({}, { outputs: planeSet([[0], [1]]) })
    expect(measure(none, 'prompt-vendi')?.reason).toMatch(/two pictures/)
    expect(measure(none, 'prompt-repeats')?.reason).toMatch(/two pictures/)
  })
})

describe('the evidence of a shielded run', () => {
  const audited = (document: unknown = evidence(), change: Partial<AuditContext['inputs']> = {}) =>
    repellencyAudit.run(
      { ...createContext(change), files: new Map([['shield.json', encoded(document)]]) },
      repellencyAudit.parseOptions({ evidence: 'shield.json' }),
    )

  it('leaves nothing behind where there is none', async () => {
    const { measures, curves } = await run()
    expect(curves).toBeUndefined()
    expect(measures.some(({ id }) => id === 'inside')).toBe(false)
  })

  it('tells how often shields acted, and how much', async () => {
    const result = await audited()
    const values = {
      ...{ inside: 0, 'base-inside': 1 / 4, rejected: 1 / 6, touched: 2 / 6 },
      active: (2 / 4 + 1 / 4) / 6,
      // Two corrections of .2 at the first call, one of .1 at the second.
      'relative-correction': (0.2 + 0.2 + 0.1) / 3,
      'shields-met': (3 / 2 + 1) / 2,
      'distance-before': (1 / 2 + 1.5 / 2) / 2,
      'distance-after': (2.5 / 2 + 2.1 / 2) / 2,
    }
    for (const [id, value] of Object.entries(values)) {
      expect([id, measure(result, id)?.value]).toEqual([id, expect.closeTo(value, 12)])
    }
    expect(measure(result, 'inside')).toMatchObject({ n: 5, missing: 0 })
    expect(result.findings.some(({ id }) => id.startsWith('inside-shield'))).toBe(false)
    // 5.png was held back, and lies among the outputs all the same.
    expect(result.warnings).toContainEqual(
      expect.objectContaining({ code: 'OUTPUTS_WITHOUT_EVIDENCE', count: 1 }),
    )
  })

  it('draws the share of active pictures by model call, with intervals by prompt', async () => {
    const [curve] = (await audited()).curves ?? []
    expect(curve?.points.map(({ at, measure: { value, n } }) => [at, value, n])).toEqual([
      [0, 2 / 6, 6],
      [1, 1 / 6, 6],
      [2, 0, 6],
      [3, 0, 6],
    ])
    for (const point of curve?.points ?? []) expect(point.measure.interval).not.toBeNull()
  })

  it('draws shields of two kinds apart', async () => {
    const both = evidence()
    const [frogs] = both.requests
    const apart = { ...frogs, preset: 'diversify', pictures: [] }
    const { curves, warnings } = await audited({ ...both, requests: [...both.requests, apart] })
    expect(curves?.map(({ id }) => id)).toEqual(['active-protect', 'active-diversify'])
    expect(curves?.map(({ points }) => points[0]?.measure.value)).toEqual([2 / 6, 2 / 3])
    expect(warnings.map(({ code }) => code)).not.toContain('FINISHED_NOT_COMPARED')
  })

  it('of a protected memoriser: all inside without the shield, none with it', async () => {
    const space = pixelSpace({ width: side, height: side })
    const references = referencesInMemory(
      createMatrix({ data: memorised.map((row) => [...row]), fingerprint: space.name }),
    )
    const radius = 1.5
    const generator = memorisingGenerator()
    const shielded = shieldGenerator({ generator, space, ...protect({ radius, references }) })
    const prompts = ['a frog', 'a bus']
    for (const prompt of prompts) {
      for await (const _ of shielded.generate({ prompt, count: 3, seed: 1 }));
    }
    const document = shieldEvidence({
      generator: shielded,
      requests: shielded.evidence,
      fileOf: ({ prompt, seed }) => `${seed - 1 + 3 * prompts.indexOf(prompt)}.png`,
      base: prompts.map((prompt) => ({ prompt, seed: 1, finishedDistance: 0 })),
    })
    const result = await audited(document)
    expect(measure(result, 'inside')).toMatchObject({ value: 0, n: 6 })
    expect(measure(result, 'base-inside')?.value).toBe(1)
    expect(measure(result, 'touched')?.value).toBe(1)
    expect(measure(result, 'distance-before')?.value).toBeLessThan(1)
    expect(measure(result, 'distance-after')?.value).toBeGreaterThanOrEqual(1)
    expect(result.warnings).toEqual([])
  })

  it('shows pictures that were given out inside a shield, beside the protected picture', async () => {
    const document = structuredClone(evidence())
    Object.assign(document.requests[0]?.pictures[0] ?? {}, { finishedDistance: 1.2 })
    Object.assign(document.requests[0]?.pictures[1] ?? {}, { finishedDistance: 0.4 })
    const result = await audited(document)
    expect(measure(result, 'inside')?.value).toBe(2 / 5)
    const [first, second] = result.findings
    expect(first).toMatchObject({
      id: 'inside-shield:1.png',
      severity: 'high',
      items: ['outputs/1.png', 'protected/2.png'],
      evidence: { distance: 0.4, radius: 2, space: 'pixels 8x8' },
    })
    expect(second?.id).toBe('inside-shield:0.png')
    const finishedNearest = { reference: '1.png', distance: 0.4 }
    Object.assign(document.requests[0]?.pictures[1] ?? {}, { finishedNearest })
    expect((await audited(document)).findings[0]?.items).toEqual([
      'outputs/1.png',
      'protected/1.png',
    ])
    expect(result.items[1]?.scores).toMatchObject({ shieldedCalls: 1, shieldDistance: 0.4 })
  })

  it('claims nothing of finished pictures that nobody compared', async () => {
    for (const change of [{ space: 'latent' }, { references: 0 }]) {
      const result = await audited(evidence(change))
      expect(measure(result, 'inside')).toMatchObject({ value: null, missing: 5 })
      expect(result.warnings.map(({ code }) => code)).toContain('FINISHED_NOT_COMPARED')
    }
  })

  it('says why there is no base, no correction, no picture', async () => {
    const quiet = { ...evidence({ calls: [], pictures: [untouched(1)] }), base: null }
    const [only] = quiet.requests
    const result = await audited({ ...quiet, requests: [only] })
    expect(result.curves).toBeUndefined()
    for (const [id, reason] of [
      ['base-inside', /without the shield/],
      ['relative-correction', /met a shield/],
      ['shields-met', /met a shield/],
    ] as const) {
      expect(measure(result, id)?.value).toBeNull()
      expect(measure(result, id)?.reason).toMatch(reason)
    }
    const held = evidence({ pictures: [{ ...untouched(1), outcome: 'rejected' }] })
    expect(measure(await audited(held), 'inside')?.reason).toBe('No picture was given out.')
  })

  it('refuses evidence of other pictures, and counts those that are gone', async () => {
    const others = planeSet(Array.from({ length: 9 }, (_, at) => [at * 40, 'a frog'] as const))
    const moved = { ...others, items: others.items.map((item) => ({ ...item, id: `x${item.id}` })) }
    await expect(audited(evidence(), { outputs: moved })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
    const few = { ...outputs, items: outputs.items.slice(0, 3), embeddings: firstRows(outputs, 3) }
    expect((await audited(evidence(), { outputs: few })).warnings).toContainEqual(
      expect.objectContaining({ code: 'EVIDENCE_WITHOUT_OUTPUTS', count: 2 }),
    )
  })

  it('refuses a file that was not handed over', async () => {
    const context = { ...createContext(), files: new Map() }
    const options = repellencyAudit.parseOptions({ evidence: 'shield.json' })
    await expect(repellencyAudit.run(context, options)).rejects.toMatchObject({
      code: 'MISSING_INPUT',
    })
  })
})

describe('pictures with and without the shield', () => {
  const item = (id: string, prompt: string | null, metadata: object = {}) => ({
    ...{ id, path: id, prompt, metadata: { ...metadata } },
  })
  const sha256 = (seed: number) => String(seed).repeat(64)
  /** The two frogs that met a shield; the second comes nearer to a protected picture without it. */
  function told() {
    const document = structuredClone(evidence())
    const [first, second] = document.requests[0]?.pictures ?? []
    Object.assign(first ?? {}, { finishedNearest: { reference: '2.png', distance: 2.2 } })
    Object.assign(second ?? {}, {
      finishedNearest: { reference: 'bank/x (mirrored)', distance: 3 },
    })
    const base = [1, 2].map((seed) => ({
      ...{ prompt: 'a frog', seed, finishedDistance: 0.5 / seed, sha256: sha256(seed) },
      finishedNearest: { reference: '2.png', distance: 0.5 / seed },
    }))
    return { ...document, base }
  }
  const plain = [1, 2, 3].map((seed) =>
    item(`frog-${seed}.png`, 'a frog', { seed, ...(seed < 3 && { sha256: sha256(seed) }) }),
  )
  const kept = [item('1.webp', null, { reference: 'bank/x (mirrored)' })]

  const shown = async (
    { base = plain, document = told() }: { base?: typeof plain; document?: unknown } = {},
    options: object = { base: 'plain', nearest: 'nearest' },
  ) =>
    repellencyAudit.run(
      {
        ...createContext(),
        files: new Map([['shield.json', encoded(document)]]),
        pictureSets: new Map([
          ['base', base],
          ['nearest', kept],
        ]),
      },
      repellencyAudit.parseOptions({ evidence: 'shield.json', ...options }),
    )
  const comparisons = ({ findings }: Result) =>
    findings.filter(({ id }) => id.startsWith('shielded:'))
  const warned = ({ warnings }: Result) =>
    warnings.find(({ code }) => code === 'OUTPUTS_WITHOUT_BASE')?.count

  it('stand beside what they are nearest to, in radii, nearest first, after all that is wrong', async () => {
    const result = await shown()
    expect(comparisons(result)).toMatchObject([
      {
        items: ['base/frog-2.png', 'outputs/1.png', 'protected/2.png', 'nearest/1.webp'],
        captions: [
          ...['without the shield: 0.13 radii, inside', 'with the shield: 1.50 radii'],
          ...['nearest without the shield', 'nearest with the shield'],
        ],
        severity: 'information',
        evidence: { seed: 2, baseDistance: 0.25, distance: 3, nearest: 'bank/x (mirrored)' },
      },
      {
        items: ['base/frog-1.png', 'outputs/0.png', 'protected/2.png'],
        captions: [
          ...['without the shield: 0.25 radii, inside', 'with the shield: 1.10 radii'],
          'nearest protected picture',
        ],
      },
    ])
    expect(result.findings.map(({ severity }) => severity)).toEqual([
      ...['high', 'high', 'information', 'information'],
    ])
    expect(warned(result)).toBe(2) // Two buses that were given out.
  })

  it('are shown without what is not there', async () => {
    const result = await shown({}, {})
    expect(warned(result)).toBeUndefined()
    expect(comparisons(result).map(({ items }) => items[0])).toEqual([
      ...['outputs/1.png', 'outputs/0.png'],
    ])
    const bare = comparisons(await shown({ document: { ...evidence(), base: null } }))
    expect(bare[0]).toMatchObject({
      items: ['base/frog-1.png', 'outputs/0.png', 'protected/2.png'],
      captions: ['without the shield', 'with the shield', 'nearest to a prediction'],
      evidence: { predicted: 1, corrected: 2.5 },
    })
  })

  it('are the nearest ones where none met a shield', async () => {
    const document = told()
    const [frogs, ...others] = document.requests
    const pictures = [3, 2.4, null].map((distance, at) => ({
      ...{ ...untouched(at + 1), file: `${at}.png` },
      ...(distance && { finishedNearest: { reference: '2.png', distance } }),
    }))
    const apart = { ...document, base: null, requests: [{ ...frogs, pictures }, ...others] }
    expect(comparisons(await shown({ document: apart }))).toMatchObject([
      { title: 'Met no shield', items: ['base/frog-2.png', 'outputs/1.png', 'protected/2.png'] },
      { title: 'Met no shield', items: ['base/frog-1.png', 'outputs/0.png', 'protected/2.png'] },
    ])
  })

  it('are at most twelve', async () => {
    const document = told()
    const [frogs] = document.requests
    const pictures = Array.from({ length: 20 }, (_, at) => ({
      ...frogs?.pictures[0],
      ...{ seed: at + 1, file: `${at}.png` },
    }))
    const many = { ...document, requests: [{ ...frogs, pictures }] }
    expect(comparisons(await shown({ document: many }))).toHaveLength(12)
  })

  it('are refused where the folder holds others, and counted where some are others', async () => {
    const others = [
      plain.map((each) => ({ ...each, prompt: 'a tulip' })),
      plain.map((each) => ({ ...each, metadata: {} })),
      [],
    ]
    for (const base of others) {
      await expect(shown({ base })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    }
    const changed = plain.map((each) => ({
      ...each,
      metadata: { ...each.metadata, ...(each.id === 'frog-1.png' && { sha256: sha256(9) }) },
    }))
    const result = await shown({ base: changed })
    expect(warned(result)).toBe(3)
    expect(comparisons(result)[1]?.items[0]).toBe('outputs/0.png')
  })
})

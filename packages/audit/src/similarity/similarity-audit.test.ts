import type { AuditResult, Measure } from '@assay/core'
import { auditConformance } from '@assay/core/testing'
import { describe, expect, it } from 'vitest'
import { auditContext, type PlanePicture, planeSet } from '../__fixtures__/audit-context.js'
import { similarityAudit } from './similarity-audit.js'

const options = similarityAudit.parseOptions({})
const cosine = (degrees: number) => Math.cos((degrees / 180) * Math.PI)
/** Pictures within 5 degrees are near-duplicates. */
const threshold = cosine(5)

function measureOf(result: AuditResult, id: string): Measure {
  const found = result.measures.find((measure) => measure.id === id)
  if (!found) throw new Error(`no measure ${id}`)
  return found
}

/** Eight outputs 40 degrees apart but for one repeat, two a prompt. */
const outputs: PlanePicture[] = [
  { id: 'a', degrees: 0, prompt: 'one' },
  { id: 'b', degrees: 40, prompt: 'one' },
  { id: 'c', degrees: 80, prompt: 'two' },
  { id: 'd', degrees: 120, prompt: 'two' },
  { id: 'e', degrees: 160, prompt: 'three' },
  { id: 'f', degrees: 200, prompt: 'three' },
  { id: 'g', degrees: 203, prompt: 'four' },
  { id: 'h', degrees: 280, prompt: 'four' },
]
const prompts = { one: 0, two: 90, three: 180, four: 270 }
const protectedPictures: PlanePicture[] = [
  { id: 'p', degrees: 2 },
  { id: 'q', degrees: 86 },
]

describe('the similarity audit conforms: it', () => {
  const createContext = () =>
    auditContext(
      {
        outputs: planeSet(outputs, prompts),
        protected: planeSet(protectedPictures),
        reference: planeSet(outputs),
      },
      { nearDuplicateThreshold: threshold },
    )
  for (const { name, run } of auditConformance({ audit: similarityAudit, createContext })) {
    it(name, run)
  }
})

describe('the similarity audit', () => {
  it('declares every measure that it returns, in the same order', async () => {
    const result = await similarityAudit.run(auditContext({ outputs: planeSet(outputs) }), options)
    expect(result.measures.map(({ id }) => id).sort()).toEqual(
      similarityAudit.meta.measures.map(({ id }) => id).sort(),
    )
  })

  it('finds outputs at or above the threshold of a protected picture, the nearest first', async () => {
    const context = auditContext(
      { outputs: planeSet(outputs), protected: planeSet(protectedPictures) },
      { nearDuplicateThreshold: threshold },
    )
    const result = await similarityAudit.run(context, options)
    const copies = measureOf(result, 'protected-copies')
    expect(copies).toMatchObject({ value: 1 / 8, n: 8, missing: 0 })
    expect(copies.interval?.low).toBeLessThan(1 / 8)
    expect(copies.interval?.high).toBeGreaterThan(1 / 8)
    const [finding] = result.findings
    expect(finding).toMatchObject({ severity: 'high', items: ['outputs/a', 'protected/p'] })
    expect(finding?.evidence['cosine']).toBeCloseTo(cosine(2), 6)
    expect(finding?.evidence['prompt']).toBe('one')
  })

  it('takes the threshold of the options before that of the card', async () => {
    const context = auditContext(
      { outputs: planeSet(outputs), protected: planeSet(protectedPictures) },
      { nearDuplicateThreshold: threshold },
    )
    const wider = similarityAudit.parseOptions({ nearDuplicateThreshold: cosine(7) })
    const result = await similarityAudit.run(context, wider)
    expect(measureOf(result, 'protected-copies').value).toBe(2 / 8)
  })

  it('calls nothing a duplicate where nobody has calibrated a threshold', async () => {
    const context = auditContext({
      outputs: planeSet(outputs),
      protected: planeSet(protectedPictures),
    })
    const result = await similarityAudit.run(context, options)
    for (const id of ['protected-copies', 'internal-duplicates']) {
      expect(measureOf(result, id)).toMatchObject({ value: null, n: 0, interval: null })
      expect(measureOf(result, id).reason).toContain('threshold')
    }
    expect(result.findings).toEqual([])
    expect(measureOf(result, 'protected-nearest').value).not.toBeNull()
  })

  it('counts both outputs of a repeated pair, once', async () => {
    const context = auditContext(
      { outputs: planeSet(outputs) },
      { nearDuplicateThreshold: threshold },
    )
    const result = await similarityAudit.run(context, options)
    expect(measureOf(result, 'internal-duplicates').value).toBe(2 / 8)
    expect(result.findings.map(({ items }) => items)).toEqual([['outputs/f', 'outputs/g']])
  })

  it('scores each output with its neighbours and its prompt', async () => {
    const context = auditContext({
      outputs: planeSet(outputs, prompts),
      protected: planeSet(protectedPictures),
    })
    const { items } = await similarityAudit.run(context, options)
    expect(items.map(({ id }) => id)).toEqual(outputs.map(({ id }) => id))
    const scores = items[5]?.scores
    expect(scores).toMatchObject({ protectedNearest: 'q', outputNearest: 'g' })
    expect(scores?.['protectedCosine']).toBeCloseTo(cosine(114), 6)
    expect(scores?.['outputCosine']).toBeCloseTo(cosine(3), 6)
    expect(scores?.['promptAlignment']).toBeCloseTo(cosine(20), 6)
  })

  it('averages prompt alignment over the outputs that have a prompt, and counts the others', async () => {
    const some = outputs.map((picture, index) =>
      index < 4 ? picture : { ...picture, prompt: index === 4 ? null : 'not embedded' },
    )
    const context = auditContext({ outputs: planeSet(some, { one: 0, two: 90 }) })
    const alignment = measureOf(await similarityAudit.run(context, options), 'prompt-alignment')
    expect(alignment.value).toBeCloseTo((cosine(0) + cosine(40) + cosine(10) + cosine(30)) / 4, 6)
    expect(alignment).toMatchObject({ n: 4, missing: 4 })
  })

  it('warns of prompts that were cut', async () => {
    const set = { ...planeSet(outputs, prompts), truncatedPrompts: ['one', 'two'] }
    const result = await similarityAudit.run(auditContext({ outputs: set }), options)
    expect(result.warnings).toMatchObject([{ code: 'PROMPTS_TRUNCATED', count: 2 }])
  })

  it('counts unreadable outputs as missing in every measure over outputs', async () => {
    const failure = {
      id: 'x',
      stage: 'decode',
      code: 'IMAGE_CORRUPT',
      message: 'Broken.',
      location: {},
    } as const
    const context = auditContext(
      {
        outputs: planeSet(outputs, prompts, [failure]),
        protected: planeSet(protectedPictures),
        reference: planeSet(outputs),
      },
      { nearDuplicateThreshold: threshold },
    )
    const result = await similarityAudit.run(context, options)
    const overOutputs = result.measures.filter(({ id }) => id !== 'recall' && id !== 'coverage')
    expect(overOutputs.map(({ missing }) => missing)).toEqual(overOutputs.map(() => 1))
  })

  it('finds full precision, recall and coverage against the same pictures', async () => {
    const context = auditContext({ outputs: planeSet(outputs), reference: planeSet(outputs) })
    const result = await similarityAudit.run(context, options)
    for (const id of ['precision', 'recall', 'coverage']) {
      expect(measureOf(result, id)).toMatchObject({ value: 1, n: 8 })
    }
  })

  it('says why there is no figure where the reference set is absent or too small', async () => {
    const without = await similarityAudit.run(auditContext({ outputs: planeSet(outputs) }), options)
    expect(measureOf(without, 'recall')).toMatchObject({ value: null, interval: null })
    expect(measureOf(without, 'recall').reason).toContain('reference')
    const small = auditContext({
      outputs: planeSet(outputs),
      reference: planeSet(protectedPictures),
    })
    const result = await similarityAudit.run(small, options)
    expect(measureOf(result, 'recall').reason).toContain('more than 5')
  })

  it('gives every null a reason, and every interval around its value', async () => {
    const context = auditContext(
      {
        outputs: planeSet(outputs, prompts),
        protected: planeSet(protectedPictures),
        reference: planeSet(outputs),
      },
      { nearDuplicateThreshold: threshold },
    )
    for (const each of [context, auditContext({ outputs: planeSet(outputs.slice(0, 1)) })]) {
      for (const { value, interval, reason } of (await similarityAudit.run(each, options))
        .measures) {
        if (value === null || interval === null) expect(reason).toBeTruthy()
        if (value !== null && interval !== null) {
          expect(interval.low).toBeLessThanOrEqual(value)
          expect(interval.high).toBeGreaterThanOrEqual(value)
        }
      }
    }
  })

  it('gives the same result for the same seed', async () => {
    const run = () =>
      similarityAudit.run(
        auditContext({ outputs: planeSet(outputs, prompts), reference: planeSet(outputs) }),
        options,
      )
    expect(await run()).toEqual(await run())
  })
})

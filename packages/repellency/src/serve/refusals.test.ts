import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { ShieldReferences } from '../references/shield-references.js'
import {
  inside,
  outside,
  references,
  refusalOf,
  run,
  startRun,
} from './__fixtures__/run-on-a-service.js'
import { ask, begin, npy, startService } from './__fixtures__/service-client.js'

describe('arrays that are not what they should be', () => {
  it.each([
    ['another shape', npy([[1, 2, 3]]), 400, 'SHAPE_MISMATCH'],
    ['another type', npy(inside, 'float32'), 400, 'SHAPE_MISMATCH'],
    [
      'NaN',
      npy([
        [Number.NaN, 0, 0],
        [0, 0, 0],
      ]),
      400,
      'NOT_FINITE',
    ],
    [
      'infinity',
      npy([
        [0, 0, 0],
        [0, Number.POSITIVE_INFINITY, 0],
      ]),
      400,
      'NOT_FINITE',
    ],
    ['no npy', new TextEncoder().encode('[[0, 0, 0]]'), 400, 'MALFORMED_NPY'],
    ['nothing', new Uint8Array(), 400, 'MALFORMED_NPY'],
    ['a header that says more than comes', npy(inside).slice(0, -8), 400, 'MALFORMED_NPY'],
    [
      'more values than its header says',
      Buffer.concat([npy(inside), npy(inside)]),
      400,
      'MALFORMED_NPY',
    ],
    ['text values', new TextEncoder().encode('\x93NUMPY'), 400, 'MALFORMED_NPY'],
    ['far more bytes', new Uint8Array(100_000), 413, 'LIMIT_EXCEEDED'],
  ])('are refused: %s', async (_, body, status, code) => {
    const { call, evidence } = await startRun()
    const answer = await call(0, body)
    expect([answer.status, answer.body]).toEqual([status, refusalOf(code)])
    // The number is free again, and nothing was counted.
    expect((await call(0, npy(inside))).rows).toEqual([0])
    expect((await evidence()).calls).toHaveLength(1)
  })

  it.each([
    ['no levels', 'step', 'INVALID_ARGUMENT'],
    ['one level', 'step?sigma=2', 'INVALID_ARGUMENT'],
    ['levels that are no numbers', 'step?sigma=two&next=one', 'INVALID_ARGUMENT'],
    ['endless levels', 'step?sigma=Infinity&next=1', 'INVALID_ARGUMENT'],
    ['an empty level', 'step?sigma=&next=0', 'INVALID_ARGUMENT'],
    ['levels that rise', 'step?sigma=1&next=2', 'INVALID_ARGUMENT'],
    ['a timestep that is no number', 'repel?timestep=late', 'INVALID_ARGUMENT'],
  ])('a call with %s is refused', async (_, verb, code) => {
    const { call } = await startRun({ parametrisation: 'variance-exploding' })
    const answer = await call(0, npy(inside), verb)
    expect([answer.status, answer.body]).toEqual([400, refusalOf(code)])
  })

  it('steps need a parametrisation and more than float16', async () => {
    for (const options of [{}, { parametrisation: 'variance-exploding', dtype: 'float16' }]) {
      const { call } = await startRun(options)
      const answer = await call(0, npy(inside), 'step?sigma=2&next=1')
      expect([answer.status, answer.body]).toEqual([400, refusalOf('INVALID_ARGUMENT')])
    }
  })
})

describe('a session that cannot be', () => {
  it.each([
    ['unknown key', { steps: 3 }, 400, 'CONFIG_UNKNOWN_KEY'],
    ['no radius', { radius: 0 }, 400, 'CONFIG_INVALID'],
    ['a radius beyond float32', { radius: 1e39 }, 400, 'INVALID_ARGUMENT'],
    ['a seed twice', { seeds: [1, 1] }, 400, 'CONFIG_INVALID'],
    ['radius of text', { radius: '1' }, 400, 'CONFIG_INVALID'],
    ['λ below 1', { overcompensation: 0.5 }, 400, 'CONFIG_INVALID'],
    ['no batch', { shape: [3] }, 400, 'CONFIG_INVALID'],
    ['empty batch', { shape: [0, 3] }, 400, 'CONFIG_INVALID'],
    ['nine dimensions', { shape: [1, 1, 1, 1, 1, 1, 1, 1, 3] }, 400, 'CONFIG_INVALID'],
    ['integers', { dtype: 'int32' }, 400, 'CONFIG_INVALID'],
    ['a box that falls', { box: [1, -1] }, 400, 'CONFIG_INVALID'],
    ['too few seeds', { seeds: [1] }, 400, 'CONFIG_INVALID'],
    ['strict in float16', { strict: true, dtype: 'float16' }, 400, 'CONFIG_INVALID'],
    ['static without references', { references: null }, 400, 'INVALID_ARGUMENT'],
    ['bank without its name', { mode: 'bank' }, 400, 'INVALID_ARGUMENT'],
    ['a bank in another mode', { bank: 'apples' }, 400, 'INVALID_ARGUMENT'],
    ['a bank that is a path', { mode: 'bank', bank: '../apples' }, 400, 'CONFIG_INVALID'],
    ['unknown references', { references: 'toString' }, 404, 'MISSING_INPUT'],
    ['references of another length', { shape: [2, 4] }, 400, 'SHAPE_MISMATCH'],
    [
      'references of another space',
      { references: 'latents', fingerprint: 'sd3, scale 1.5305, shift 0.0609' },
      400,
      'FINGERPRINT_MISMATCH',
    ],
    ['too many pictures', { shape: [1000, 3] }, 413, 'LIMIT_EXCEEDED'],
    ['pictures that are too large', { shape: [2, 1e9] }, 413, 'LIMIT_EXCEEDED'],
  ])('is refused: %s', async (_, options, status, code) => {
    const service = await startService({ references })
    const answer = await ask(service, 'POST', '/v1/sessions', { ...run, ...options })
    expect([answer.status, answer.body]).toEqual([status, refusalOf(code)])
    expect(service.sessions).toBe(0)
  })

  it.each([
    ['no JSON', '{', 'MALFORMED_JSON'],
    ['a key twice', '{"radius": 1, "radius": 2}', 'MALFORMED_JSON'],
    ['a prototype', '{"__proto__": {}}', 'MALFORMED_JSON'],
    ['an endless number', '{"radius": 1e999}', 'MALFORMED_JSON'],
    ['a nest', '['.repeat(1000), 'MALFORMED_JSON'],
    ['a list', '[]', 'CONFIG_INVALID'],
  ])('is refused as text: %s', async (_, text, code) => {
    const service = await startService({ references })
    const answer = await ask(service, 'POST', '/v1/sessions', text)
    expect([answer.status, answer.body]).toEqual([400, refusalOf(code)])
  })

  it('is refused where there are enough', async () => {
    const { service } = await startRun({}, { sessions: 1 })
    const answer = await ask(service, 'POST', '/v1/sessions', run)
    expect([answer.status, answer.body]).toEqual([429, refusalOf('LIMIT_EXCEEDED')])
  })

  it('is refused where the banks are full', async () => {
    const service = await startService({ limits: { banks: 1, bankValues: 8 } })
    const options = { ...run, references: null, mode: 'bank', bank: 'one' }
    const session = await begin(service, options)
    const other = await ask(service, 'POST', '/v1/sessions', { ...options, bank: 'two' })
    expect([other.status, other.body]).toEqual([413, refusalOf('LIMIT_EXCEEDED')])
    expect((await ask(service, 'PUT', `/v1/sessions/${session}/commit`, npy(outside))).status).toBe(
      200,
    )
    const next = await begin(service, options)
    const full = await ask(service, 'PUT', `/v1/sessions/${next}/commit`, npy(outside))
    expect([full.status, full.body]).toEqual([413, refusalOf('LIMIT_EXCEEDED')])
  })

  it('does not fill banks beyond their limit where pictures are handed in at once', async () => {
    const slow: ShieldReferences = {
      ...references.origin,
      async within(points, options) {
        await sleep(50)
        return references.origin.within(points, options)
      },
    }
    const service = await startService({ references: { origin: slow }, limits: { bankValues: 8 } })
    const sessions = await Promise.all(
      [1, 2, 3].map(() => begin(service, { ...run, mode: 'bank', bank: 'one' })),
    )
    const answers = await Promise.all(
      sessions.map((id) => ask(service, 'PUT', `/v1/sessions/${id}/commit`, npy(outside))),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 413, 413])
  })
})

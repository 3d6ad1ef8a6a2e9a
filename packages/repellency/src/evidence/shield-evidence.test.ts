import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RequestEvidence } from '../generator/shielded-generator.js'
import { shieldEvidence } from './make-shield-evidence.js'
import { parseShieldEvidence } from './parse-shield-evidence.js'
import { shieldEvidenceForm } from './shield-evidence-form.js'

const request: RequestEvidence = {
  ...{ prompt: 'a frog', preset: 'protect', space: 'pixels 8x8', radius: 2, margin: 0.1 },
  ...{ overcompensation: 1.6, strict: true, references: 3 },
  calls: [
    {
      ...{ index: 0, timestep: 1, pictures: 2, active: 1, shields: 1, copies: 0, correction: 1 },
      ...{ relativeCorrection: Number.POSITIVE_INFINITY, nearest: 1, nearestAfter: 2.2 },
    },
  ],
  pictures: [
    {
      ...{
        seed: 1,
        outcome: 'image',
        finishedDistance: null,
        calls: 1,
        activeCalls: 1,
        shields: 1,
      },
      ...{ firstActive: 0, lastActive: 0, nearest: 1, nearestAfter: 2.2 },
      met: [
        { row: 1, distance: 1 },
        { row: 3, distance: 1.1 },
      ],
    },
    {
      ...{
        seed: 2,
        outcome: 'rejected',
        finishedDistance: 1,
        calls: 1,
        activeCalls: 0,
        shields: 0,
      },
      ...{ firstActive: null, lastActive: null, nearest: null, nearestAfter: null, met: [] },
    },
  ],
}
const made = shieldEvidence({
  generator: { id: 'a generator', fingerprint: 'f' },
  requests: [request],
  fileOf: ({ prompt, seed }) => `${prompt} ${seed}.png`,
  referenceOf: (row) => `protected ${row}.png`,
})
const encoded = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

describe('the evidence of a shielded run', () => {
  it('names files of what was given out, and protected pictures, but none of bank and batch', () => {
    const [{ pictures } = { pictures: [] }] = made.requests
    expect(pictures.map(({ file }) => file)).toEqual(['a frog 1.png', null])
    expect(pictures[0]?.met.map(({ reference }) => reference)).toEqual(['protected 1.png', null])
    const nameless = shieldEvidence({
      ...{ generator: { id: 'g', fingerprint: null }, requests: [request], fileOf: () => 'a.png' },
    })
    expect(nameless.requests[0]?.pictures[0]?.met[0]?.reference).toBeNull()
  })

  it('is read as it was written; what no number says is null', () => {
    expect(parseShieldEvidence(encoded(made))).toEqual(made)
    expect(made.requests[0]?.calls[0]?.relativeCorrection).toBeNull()
    expect(made.base).toBeNull()
  })

  it('tells what is nearest to finished pictures, and the hashes of those without a shield', () => {
    const finishedNearest = { reference: 'protected 1.png', distance: 2.5 }
    const base = { prompt: 'a frog', seed: 1, finishedDistance: null, finishedNearest }
    const told = structuredClone({ ...made, base: [{ ...base, sha256: 'a'.repeat(64) }] })
    Object.assign(told.requests[0]?.pictures[0] ?? {}, { finishedNearest })
    expect(parseShieldEvidence(encoded(told))).toEqual(told)
    for (const wrong of [
      { sha256: 'a' },
      { finishedNearest: { ...finishedNearest, distance: -1 } },
    ]) {
      expect(() =>
        parseShieldEvidence(encoded({ ...made, base: [{ ...base, ...wrong }] })),
      ).toThrow(expect.objectContaining({ code: 'MALFORMED_METADATA' }))
    }
  })

  /** The document with one value changed. */
  const changed = (path: readonly (string | number)[], value: unknown): unknown => {
    const document = structuredClone(made) as unknown as Record<string | number, never>
    const holder = path.slice(0, -1).reduce((at, key) => at[key] as never, document)
    Object.assign(holder, { [path.at(-1) ?? '']: value })
    return document
  }
  const picture = ['requests', 0, 'pictures', 0] as const

  it.each([
    ['another format', ['format'], 'assay.other'],
    ['a field that it does not know', ['more'], 1],
    ['a radius of 0', ['requests', 0, 'radius'], 0],
    ['a negative distance', [...picture, 'finishedDistance'], -1],
    ['a picture that is given out without a file', [...picture, 'file'], null],
    ['a file of a picture that was held back', ['requests', 0, 'pictures', 1, 'file'], 'b.png'],
    ['more active calls than calls', [...picture, 'activeCalls'], 2],
    ['no distance of an active picture', [...picture, 'nearest'], null],
    ['more active pictures than pictures', ['requests', 0, 'calls', 0, 'active'], 3],
    ['a file that stands twice', ['requests'], [made.requests[0], made.requests[0]]],
    ['a name beyond the limit', [...picture, 'file'], 'x'.repeat(5000)],
  ])('refuses %s', (_, path, value) => {
    expect(() => parseShieldEvidence(encoded(changed(path, value)), { file: 's.json' })).toThrow(
      expect.objectContaining({ code: 'MALFORMED_METADATA', location: { file: 's.json' } }),
    )
  })

  it('refuses what is no JSON, a later version, and more bytes than evidence has', () => {
    const codeOf = (bytes: Uint8Array) => {
      try {
        parseShieldEvidence(bytes)
      } catch (error) {
        return (error as { code?: string }).code
      }
      return null
    }
    expect(codeOf(new Uint8Array([123]))).toBe('MALFORMED_JSON')
    expect(codeOf(encoded(changed(['specificationVersion'], 2)))).toBe('UNSUPPORTED_FORMAT')
    expect(codeOf({ length: 64_000_001 } as Uint8Array)).toBe('LIMIT_EXCEEDED')
  })

  it.each([
    ['requests', (many: object) => ({ ...made, requests: many })],
    ['base', (many: object) => ({ ...made, base: many })],
    ['calls', (many: object) => changed(['requests', 0, 'calls'], many)],
    ['pictures', (many: object) => changed(['requests', 0, 'pictures'], many)],
  ])('says what is wrong with the first of thousands of %s, and of no other', (_, put) => {
    const { error } = shieldEvidenceForm.safeParse(put(Array(5000).fill({})))
    expect(error?.issues).toHaveLength(1)
  })

  it('refuses millions of objects before they are made', () => {
    const bytes = new TextEncoder().encode(`[${Array(1_000_001).fill('{}').join()}]`)
    expect(() => parseShieldEvidence(bytes)).toThrow(
      expect.objectContaining({ code: 'MALFORMED_JSON' }),
    )
  })

  it('answers any bytes with evidence or a typed error', () => {
    const text = JSON.stringify(made)
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), (at, put) => {
        const bytes = new TextEncoder().encode(text.slice(0, at) + put + text.slice(at + 1))
        try {
          parseShieldEvidence(bytes)
        } catch (error) {
          expect(error).toHaveProperty('code', expect.stringMatching(/^(MALFORMED_|UNSUPPORTED_)/))
        }
      }),
      { seed: 3, numRuns: 300 },
    )
  })
})

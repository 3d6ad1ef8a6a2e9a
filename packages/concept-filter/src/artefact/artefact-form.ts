// As a namespace, which bundlers can take apart: browsers get a fifth of the bytes.
import * as z from 'zod'
import { parseVectorText } from './vector-text.js'

export const format = 'assay.concept-filter'

/** How far from 1 the length of a vector may be: rounding, not another scale. */
const LENGTH_TOLERANCE = 1e-6

const name = z.string().min(1)

/** JSON has no infinities: a threshold out of reach is written as a word. */
const infinities = { Infinity: Number.POSITIVE_INFINITY, '-Infinity': Number.NEGATIVE_INFINITY }
const threshold = z.union([z.number(), z.enum(['Infinity', '-Infinity'])])

/** A threshold as the file holds it. */
export const thresholdText = (margin: number): z.infer<typeof threshold> =>
  Number.isFinite(margin) ? margin : margin > 0 ? 'Infinity' : '-Infinity'

/** The margin that a file's threshold means. */
export const thresholdOf = (text: z.infer<typeof threshold>): number =>
  typeof text === 'number' ? text : infinities[text]

const unitVector = z.string().refine(
  (text) => {
    const squares = parseVectorText(text)?.reduce((sum, value) => sum + value * value, 0)
    return squares !== undefined && Math.abs(Math.sqrt(squares) - 1) <= LENGTH_TOLERANCE
  },
  { error: 'must be a vector of length 1, as little-endian float64 in base64' },
)

const side = z.strictObject({ prompts: z.array(z.string()).min(1), vector: unitVector })

const provenance = z.strictObject({
  vectors: name,
  threshold: name,
  details: z.record(z.string(), z.json()),
})

const pair = z.strictObject({
  id: name,
  unacceptable: side,
  acceptable: side,
  relation: z.enum(['opposite', 'subset']),
  scoreForm: z.enum(['softmax', 'projection']),
  logitScale: z.number().positive(),
  threshold,
  encoderId: name.nullable(),
  fingerprint: name.nullable(),
  provenance,
})

/** The form of a concept filter as JSON, version 1. */
export const artefactForm = z.strictObject({
  format: z.literal(format),
  specificationVersion: z.literal(1),
  relevanceFloor: z.number().nullable(),
  drift: z.number(),
  pairs: z.array(pair).min(1),
})

/** A pair as JSON. */
export type ArtefactPair = z.infer<typeof pair>

/** What tells the version of an artefact, whatever else it holds. */
export const versionedForm = z.looseObject({
  format: z.literal(format),
  specificationVersion: z.number(),
})

import { z } from 'zod'

const interval = z.strictObject({
  low: z.number(),
  high: z.number(),
  level: z.number().gt(0).lt(1).describe('Confidence level, for instance 0.95.'),
  method: z.string().describe('How the interval was made.'),
})

const measure = z.strictObject({
  id: z.string(),
  group: z.string().exactOptional().describe('Subset that the measure speaks of.'),
  value: z.number().nullable().describe('Null where it could not be measured; never 0 instead.'),
  unit: z.string(),
  n: z.int().nonnegative().describe('Items that went in.'),
  missing: z.int().nonnegative().describe('Items that should have gone in and could not.'),
  interval: interval.nullable(),
  reason: z.string().exactOptional().describe('Why value or interval is null.'),
})

const finding = z.strictObject({
  id: z.string(),
  title: z.string(),
  severity: z.enum(['high', 'medium', 'low', 'information']),
  items: z
    .array(z.string())
    .describe(
      'Pictures as set/id, for instance outputs/a.png; sets are inputs of the run, or named by options of the audit.',
    ),
  captions: z
    .array(z.string())
    .exactOptional()
    .describe('What each of the items is, in their order; its identifier where absent.'),
  evidence: z.record(z.string(), z.unknown()),
})

const failure = z.strictObject({
  id: z.string(),
  stage: z.string(),
  code: z.string().describe('Stable error code, for instance IMAGE_TRUNCATED.'),
  message: z.string(),
  location: z.strictObject({
    file: z.string().exactOptional(),
    row: z.int().exactOptional(),
    id: z.string().exactOptional(),
  }),
})

const curve = z.strictObject({
  id: z.string(),
  title: z.string(),
  axis: z.string().describe('What is along the axis, with its unit.'),
  points: z
    .array(z.strictObject({ at: z.number(), measure }))
    .describe('In order along the axis; each interval holds for its point alone.'),
})

const audit = z.strictObject({
  id: z.string(),
  status: z.enum(['passed', 'failed', 'undecided', 'informative', 'notApplicable', 'error']),
  measures: z.array(measure),
  curves: z.array(curve).exactOptional(),
  findings: z.array(finding).describe('Worst first.'),
  warnings: z.array(
    z.strictObject({ code: z.string(), count: z.int().nonnegative(), message: z.string() }),
  ),
})

const gate = z.strictObject({
  measure: z.string(),
  level: z.enum(['warn', 'error']),
  bound: z.strictObject({
    minimum: z.number().exactOptional(),
    maximum: z.number().exactOptional(),
  }),
  observed: interval.nullable(),
  passed: z.boolean().nullable().describe('Null while undecided.'),
})

const input = z.strictObject({
  set: z.enum(['outputs', 'protected', 'reference', 'training']),
  path: z.string().describe('Folder, relative to the configuration.'),
  items: z.int().nonnegative().describe('Pictures with an embedding.'),
  sha256: z.string().describe('Hash over ids, contents, prompts and metadata of the set.'),
  failures: z.array(failure),
})

const encoder = z.strictObject({
  id: z.string(),
  fingerprint: z.string(),
  weightsSha256: z.string(),
  preprocessingHash: z.string().nullable().describe('Null for a model that reads no pictures.'),
  licence: z.string(),
  commercialUse: z.boolean(),
})

/**
 * The result of a run: `audit.json`. Everything else (HTML, later Markdown, JUnit, SARIF) is a
 * rendering of it. Outside `volatile`, equal inputs give equal bytes.
 */
export const auditDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    tool: z.strictObject({
      name: z.string(),
      version: z.string(),
      gitSha: z.string().nullable().describe('Commit of a source checkout; null when installed.'),
    }),
    run: z.strictObject({
      id: z.string().describe('Hash of the frozen options and of all inputs.'),
      config: z.record(z.string(), z.unknown()),
      seeds: z.strictObject({ run: z.int() }),
      encoders: z.array(encoder),
      inputs: z.array(input),
    }),
    audits: z.array(audit),
    gates: z.array(gate),
    volatile: z.strictObject({
      started: z.iso.datetime(),
      seconds: z.number().nonnegative(),
      host: z.string(),
      environment: z.record(z.string(), z.string()),
    }),
  })
  .meta({ id: 'AssayAuditDocument', title: 'Assay audit document' })

/** A parsed `audit.json`. */
export type AuditDocument = z.infer<typeof auditDocumentSchema>

/** The JSON Schema (draft 2020-12) of `audit.json`, as published with the package. */
export function auditDocumentJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(auditDocumentSchema) as Record<string, unknown>
}

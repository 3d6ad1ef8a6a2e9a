import { describe, expect, it } from 'vitest'
import { hostileDocument } from '../__fixtures__/hostile-document.js'
import { configJsonSchema } from '../configuration/assay-config.js'
import { auditDocumentJsonSchema, auditDocumentSchema } from './audit-document.js'

const text = (schema: unknown) => `${JSON.stringify(schema, null, 2)}\n`

// After a wanted change: pnpm exec vitest run packages/audit --update
describe('the published JSON Schemas', () => {
  it('are those of this version', async () => {
    await expect(text(auditDocumentJsonSchema())).toMatchFileSnapshot(
      '../../schema/audit.schema.json',
    )
    await expect(text(configJsonSchema())).toMatchFileSnapshot('../../schema/config.schema.json')
  })
})

describe('auditDocumentSchema', () => {
  it('refuses unknown fields and figures that are no numbers', () => {
    expect(auditDocumentSchema.safeParse(hostileDocument).success).toBe(true)
    expect(auditDocumentSchema.safeParse({ ...hostileDocument, extra: 1 }).success).toBe(false)
    const [audit] = hostileDocument.audits
    const wrong = structuredClone({ ...hostileDocument, audits: [audit] })
    Object.assign(wrong.audits[0]?.measures[0] ?? {}, { value: Number.NaN })
    expect(auditDocumentSchema.safeParse(wrong).success).toBe(false)
  })
})

import { describe, expect, it } from 'vitest'
import type { AuditContext, Finding } from '../contracts/audit.js'
import { auditPartInput, joinAuditParts } from './audit-part.js'

const context = {
  nearDuplicateThreshold: 0.9,
  inputs: {
    outputs: {
      items: [
        { id: 'a', prompt: 'a cat' },
        { id: 'b', prompt: null },
      ],
      failures: [{ id: 'c' }],
    },
  },
} as unknown as AuditContext

const finding = (id: string, severity: Finding['severity']): Finding => ({
  ...{ id, severity, title: id },
  ...{ items: [], evidence: {} },
})

describe('auditPartInput', () => {
  it('counts what has no embedding and clusters by prompt', () => {
    const input = auditPartInput(context, {})
    expect(input).toMatchObject({ missing: 1, clusters: ['prompt a cat', 'picture b'] })
  })

  it('takes the threshold of the options before that of the encoder', () => {
    expect(auditPartInput(context, {}).threshold).toBe(0.9)
    expect(auditPartInput(context, { nearDuplicateThreshold: null }).threshold).toBe(0.9)
    expect(auditPartInput(context, { nearDuplicateThreshold: 0.5 }).threshold).toBe(0.5)
  })
})

describe('joinAuditParts', () => {
  it('joins what parts have, information after findings, and scores by output', () => {
    const curve = { id: 'curve', title: 'Curve', axis: 'calls', points: [] }
    const warning = { code: 'FEW', count: 1, message: 'Few.' }
    const result = joinAuditParts({ context, id: 'audit' }, [
      {
        measures: [],
        findings: [finding('told', 'information'), finding('first', 'low')],
        scores: new Map([['a', { one: 1 }]]),
      },
      {
        measures: [],
        curves: [curve],
        findings: [finding('second', 'high')],
        warnings: [warning],
        scores: new Map([['a', { two: null }]]),
      },
    ])
    expect(result).toEqual({
      ...{ id: 'audit', status: 'informative', measures: [] },
      curves: [curve],
      findings: [
        finding('first', 'low'),
        finding('second', 'high'),
        finding('told', 'information'),
      ],
      warnings: [warning],
      items: [
        { id: 'a', scores: { one: 1, two: null } },
        { id: 'b', scores: {} },
      ],
    })
  })

  it('has no curves where no part has any', () => {
    const result = joinAuditParts({ context, id: 'audit' }, [{ measures: [] }])
    expect(result).not.toHaveProperty('curves')
    expect(result).toMatchObject({ findings: [], warnings: [] })
  })
})

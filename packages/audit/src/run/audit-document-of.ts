import { arch, hostname, platform } from 'node:os'
import type { AuditResult } from '@assay/core'
import type { OpenedEncoder } from '@assay/embed'
import type { AuditDocument } from '../document/audit-document.js'
import type { CollectedSet } from './collect-inputs.js'
import type { EmbeddedInputs } from './embed-inputs.js'
import type { RunPlan } from './run-plan.js'

/** Puts the result document of a run together. */
export function auditDocumentOf(parts: {
  readonly plan: RunPlan
  readonly sets: readonly CollectedSet[]
  readonly inputs: EmbeddedInputs
  readonly encoder: OpenedEncoder
  readonly results: readonly AuditResult[]
  readonly started: Date
}): AuditDocument {
  const { plan, sets, inputs, encoder, results, started } = parts
  return {
    schemaVersion: 1,
    tool: plan.tool,
    run: {
      id: plan.id,
      config: { ...plan.config },
      seeds: { run: plan.config.seed },
      encoders: [encoderFacts(encoder)],
      inputs: sets.map(({ name, path, sha256 }) => ({
        set: name,
        path,
        items: inputs[name]?.items.length ?? 0,
        sha256,
        failures: (inputs[name]?.failures ?? []).map((failure) => ({ ...failure })),
      })),
    },
    audits: results.map(({ items: _, ...audit }) => audit) as AuditDocument['audits'],
    gates: [],
    volatile: {
      started: started.toISOString(),
      seconds: (Date.now() - started.getTime()) / 1000,
      host: hostname(),
      environment: { node: process.version, platform: platform(), architecture: arch() },
    },
  }
}

function encoderFacts({ card, fingerprint, weightsSha256, preprocessingHash }: OpenedEncoder) {
  const { id, licence, commercialUse } = card
  return { id, fingerprint, weightsSha256, preprocessingHash, licence, commercialUse }
}

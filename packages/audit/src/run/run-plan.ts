import type { OpenedEncoder } from '@assay/embed'
import type { ResolvedConfig } from '../configuration/assay-config.js'
import type { AuditDocument } from '../document/audit-document.js'
import type { CollectedSet } from './collect-inputs.js'
import { hashOf } from './hash.js'
import type { OptionFile } from './read-option-files.js'

/** What a run is fixed to: equal plans have equal ids, and only then may a run be resumed. */
export interface RunPlan {
  /** Hash of all that follows. */
  readonly id: string
  readonly tool: AuditDocument['tool']
  readonly config: ResolvedConfig
  readonly encoder: string
  readonly inputs: readonly { readonly set: string; readonly sha256: string }[]
  /** Files that options name. */
  readonly files: readonly { readonly path: string; readonly sha256: string }[]
}

/** The plan of a run over collected inputs. */
export function runPlan(parts: {
  readonly tool: AuditDocument['tool']
  readonly config: ResolvedConfig
  readonly encoder: OpenedEncoder
  /** Sets that are audited, then those that options name to be shown. */
  readonly sets: readonly CollectedSet<string>[]
  readonly files: readonly OptionFile[]
}): RunPlan {
  const plan = {
    tool: parts.tool,
    config: parts.config,
    encoder: parts.encoder.fingerprint,
    inputs: parts.sets.map(({ name, sha256 }) => ({ set: name, sha256 })),
    files: parts.files.map(({ path, sha256 }) => ({ path, sha256 })),
  }
  return { id: hashOf(plan), ...plan }
}

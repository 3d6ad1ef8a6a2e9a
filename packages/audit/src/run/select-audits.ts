import { AssayError, type Audit } from '@assay/core'
import type { ResolvedConfig } from '../configuration/assay-config.js'

/** An audit with its parsed options. */
export interface SelectedAudit {
  readonly audit: Audit
  readonly options: unknown
}

/**
 * The audits that a configuration asks for, with their options.
 *
 * @throws AssayError `AUDIT_UNKNOWN` for a name that no audit has; what `parseOptions` throws
 */
export function selectAudits(
  audits: readonly Audit[],
  config: ResolvedConfig,
): readonly SelectedAudit[] {
  const known = audits.map(({ meta }) => meta.id)
  for (const id of [...(config.only ?? []), ...Object.keys(config.audits)]) {
    if (!known.includes(id)) throw unknownAudit(id, known)
  }
  return audits
    .filter(({ meta }) => config.only?.includes(meta.id) ?? true)
    .map((audit) => ({ audit, options: audit.parseOptions(config.audits[audit.meta.id] ?? {}) }))
}

function unknownAudit(id: string, known: readonly string[]): AssayError {
  return new AssayError({
    code: 'AUDIT_UNKNOWN',
    message: `There is no audit "${id}".`,
    value: id,
    remedy: `Choose from: ${known.join(', ')}. \`assay list\` tells what each one asks.`,
  })
}

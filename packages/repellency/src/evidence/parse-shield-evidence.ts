import { AssayError } from '@assay/core'
import { parseJson } from '@assay/core/formats'
import { z } from 'zod'
import type { ShieldEvidence } from './shield-evidence.js'
import { evidenceFormat, evidenceLimits, shieldEvidenceForm } from './shield-evidence-form.js'

/**
 * The evidence of a shielded run from the bytes of its file, and from nothing else.
 *
 * @param options.file what errors call it
 * @throws AssayError `LIMIT_EXCEEDED` (64 MB), `MALFORMED_JSON` (also a million objects and arrays),
 *   `MALFORMED_METADATA`, `UNSUPPORTED_FORMAT` (a later version)
 */
export function parseShieldEvidence(
  bytes: Uint8Array,
  { file = 'The evidence' }: { readonly file?: string } = {},
): ShieldEvidence {
  assertSize(bytes, file)
  const document = parseJson(new TextDecoder().decode(bytes), {
    file,
    maximumContainers: evidenceLimits.containers,
  })
  assertVersion(document, file)
  const parsed = shieldEvidenceForm.safeParse(document)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = issue?.path.join('.')
  throw new AssayError({
    code: 'MALFORMED_METADATA',
    message: `${file} is no evidence of a shield${place && ` at "${place}"`}: ${issue?.message}.`,
    value: issue?.path,
    remedy: 'Name the file that the shielded run wrote, as it wrote it.',
    location: { file },
  })
}

function assertSize({ length }: Uint8Array, file: string): void {
  if (length <= evidenceLimits.bytes) return
  throw new AssayError({
    code: 'LIMIT_EXCEEDED',
    message: `${file} has ${length} bytes; evidence has at most ${evidenceLimits.bytes}.`,
    value: length,
    remedy: 'Audit the run in parts, each with its own evidence.',
    location: { file },
  })
}

/** Later versions may have other fields, which are then no mistake of their writer's. */
function assertVersion(document: unknown, file: string): void {
  const versioned = z.looseObject({
    format: z.literal(evidenceFormat),
    specificationVersion: z.number(),
  })
  const { success, data } = versioned.safeParse(document)
  if (!success || data.specificationVersion === 1) return
  throw new AssayError({
    code: 'UNSUPPORTED_FORMAT',
    message: `${file} is evidence of version ${data.specificationVersion}; this reads version 1.`,
    value: data.specificationVersion,
    remedy: 'Read it with the version of Assay that wrote it, or a later one.',
    location: { file },
  })
}

import { AssayError } from '@assay/core'
import { parseJson } from '@assay/core/formats'
import type { HeadExpectations, HeadProvenance } from '../../head/attribution-head.js'
import type { FeatureMap } from '../../head/feature-map.js'
import {
  headForm,
  headMetadataSchema,
  headProvenanceSchema,
  malformedHead,
} from './head-file-form.js'

/** How a head file is read. */
export interface ReadHeadFileOptions {
  /**
   * What the head expects of features. A file that Assay wrote says it itself, and must agree where it
   * is given. A file of another origin, for instance a released checkpoint that was exported to
   * safetensors, does not say it: its heads take raw features (`normalized: false`), and `fingerprint`,
   * null where it is left out, should be that of the encoder they were trained on.
   */
  readonly expects?: {
    readonly normalized: boolean
    readonly fingerprint?: string | null
  }
}

/** What a file says beside its weights. */
export interface HeadDescription {
  readonly form: FeatureMap['form']
  readonly expects: Pick<HeadExpectations, 'normalized' | 'fingerprint'>
  /** Fingerprint that the head must have; null where the file does not say. */
  readonly head: string | null
  readonly provenance: HeadProvenance | null
}

/**
 * What a file says of its head, or what its reader says where the file does not.
 *
 * @throws AssayError `MALFORMED_METADATA`; `MISSING_INPUT` where neither says it;
 *   `NORMALIZATION_MISMATCH`, `FINGERPRINT_MISMATCH` where they disagree
 */
export function headDescription(
  path: string,
  texts: ReadonlyMap<string, string>,
  expects: ReadHeadFileOptions['expects'],
): HeadDescription {
  if (texts.get('format') !== headForm.format) return foreign(path, expects)
  const description = describedBy(path, texts)
  if (expects) assertAgrees(path, description.expects, expects)
  return description
}

function describedBy(path: string, texts: ReadonlyMap<string, string>): HeadDescription {
  const parsed = headMetadataSchema.safeParse(Object.fromEntries(texts))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const reason = `its metadata ${issue?.path.join('.')}: ${issue?.message}`
    throw malformedHead(path, reason, { code: 'MALFORMED_METADATA' })
  }
  const { form, normalized, fingerprint = null, head, provenance } = parsed.data
  return {
    form,
    expects: { normalized, fingerprint },
    head,
    provenance: provenance === undefined ? null : provenanceOf(path, provenance),
  }
}

function provenanceOf(path: string, text: string): HeadProvenance {
  const parsed = headProvenanceSchema.safeParse(parseJson(text, { file: path }))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw malformedHead(path, `its provenance ${issue?.path.join('.')}: ${issue?.message}`, {
    code: 'MALFORMED_METADATA',
  })
}

/** A file that says nothing of itself holds linear maps. */
function foreign(path: string, expects: ReadHeadFileOptions['expects']): HeadDescription {
  if (expects) {
    const { normalized, fingerprint = null } = expects
    return { form: 'linear', expects: { normalized, fingerprint }, head: null, provenance: null }
  }
  throw new AssayError({
    code: 'MISSING_INPUT',
    message: `${path} does not say whether its head was trained on raw or on normalised features.`,
    value: null,
    remedy:
      "Pass expects: { normalized: false } for the paper's heads, with the fingerprint of your features.",
    location: { file: path },
  })
}

function assertAgrees(
  path: string,
  own: HeadDescription['expects'],
  given: NonNullable<ReadHeadFileOptions['expects']>,
): void {
  const { fingerprint = null } = given
  const differs =
    own.fingerprint !== null && fingerprint !== null && own.fingerprint !== fingerprint
  if (own.normalized === given.normalized && !differs) return
  const spell = ({ normalized, fingerprint: space }: HeadDescription['expects']) =>
    `${normalized ? 'normalised' : 'raw'} features of ${space ?? 'an unknown space'}`
  throw new AssayError({
    code: differs ? 'FINGERPRINT_MISMATCH' : 'NORMALIZATION_MISMATCH',
    message: `${path} expects ${spell(own)}, not ${spell({ ...given, fingerprint })}.`,
    value: differs ? fingerprint : given.normalized,
    remedy: 'Use the head with the features that it was trained on.',
    location: { file: path },
  })
}

import { AssayError } from '@assay/core'
import { parseSafetensors } from '@assay/core/formats'
import type { AttributionHead } from '../../head/attribution-head.js'
import { createAttributionHead } from '../../head/create-attribution-head.js'
import { headDescription, type ReadHeadFileOptions } from './head-description.js'
import { headMaps } from './head-maps.js'

/**
 * The head in the bytes of a file, as `readHeadFile` reads it; `file` is what errors call it.
 *
 * @throws AssayError as `readHeadFile`, except for reading
 */
export async function parseHead(
  bytes: Uint8Array,
  { file, expects }: ReadHeadFileOptions & { readonly file: string },
): Promise<AttributionHead> {
  const { metadata, tensors } = parseSafetensors(bytes, { file })
  const description = headDescription(file, metadata, expects)
  const { form, provenance, head: expected } = description
  const maps = headMaps({ path: file, tensors, form, mayBeShared: expected !== null })
  const head = await createAttributionHead({ ...maps, expects: description.expects, provenance })
  if (expected === null || expected === head.fingerprint) return head
  throw new AssayError({
    code: 'MODEL_HASH_MISMATCH',
    message: `The weights of ${file} are those of ${head.fingerprint}, not of ${expected}.`,
    value: head.fingerprint,
    remedy: 'Fetch the file again; do not use this one.',
    location: { file },
  })
}

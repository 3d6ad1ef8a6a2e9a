import type { Tensor } from '@assay/core'
import { writeSafetensors } from '@assay/core/formats'
import { writeFileAtomic } from '@assay/store'
import type { AttributionHead, HeadSide } from '../../head/attribution-head.js'
import { type NamedWeights, weightsOf } from '../../head/map-weights.js'
import { headForm, sidePrefixes } from './head-file-form.js'

/**
 * Writes a head as a safetensors file, whole or not at all: the weights in the precision they have, and
 * in the metadata its form, what it expects, its fingerprint and its provenance. Equal heads give equal
 * files.
 *
 * @throws AssayError `FILE_WRITE_FAILED`
 */
export async function writeHeadFile(path: string, head: AttributionHead): Promise<void> {
  const sides: readonly HeadSide[] = head.shared ? ['real'] : ['real', 'synthetic']
  const tensors = sides.flatMap((side) =>
    weightsOf(head[side]).map(
      (weights) => [`${sidePrefixes[side]}${weights.name}`, tensorOf(weights)] as const,
    ),
  )
  const { fingerprint, normalized } = head.expects
  const metadata = {
    ...headForm,
    form: head.form,
    normalized: String(normalized),
    head: head.fingerprint,
    ...(fingerprint !== null && { fingerprint }),
    ...(head.provenance && { provenance: JSON.stringify(head.provenance) }),
  }
  const bytes = writeSafetensors(new Map(tensors), new Map(Object.entries(metadata)))
  await writeFileAtomic(path, bytes)
}

const tensorOf = ({ values, shape: dims }: NamedWeights): Tensor =>
  values instanceof Float64Array
    ? { type: 'float64', dims, data: values }
    : { type: 'float32', dims, data: values }

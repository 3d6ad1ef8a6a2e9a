import { AssayError, type Tensor } from '@assay/core'
import { parseSafetensors, writeSafetensors } from '@assay/core/formats'
import { writeFileAtomic } from '@assay/store'
import { createDistilledRanker } from '../../gradients/distillation/create-distilled-ranker.js'
import type { DenseLayer, DistilledRanker } from '../../gradients/distillation/distilled-ranker.js'
import { readBytes } from './read-bytes.js'

/** Keys in the metadata of a ranker's file. */
const keys = {
  form: 'assay.form',
  normalized: 'normalized',
  features: 'features',
  fingerprint: 'fingerprint',
} as const
const form = 'distilled-ranker 1'

const float32 = (dims: readonly number[], data: Float32Array): Tensor => ({
  type: 'float32',
  dims,
  data,
})

/**
 * Writes a ranker as a safetensors file, whole or not at all.
 *
 * @throws AssayError `FILE_WRITE_FAILED`
 */
export async function writeDistilledRanker(path: string, ranker: DistilledRanker): Promise<void> {
  const { layers, inputNormalization: input, scale, offset, expects } = ranker
  const tensors = new Map<string, Tensor>([
    ['affine', { type: 'float64', dims: [2], data: Float64Array.of(scale, offset) }],
  ])
  layers.forEach(({ inputs, outputs, weight, bias }, layer) => {
    tensors.set(`layers.${layer}.weight`, float32([outputs, inputs], weight))
    tensors.set(`layers.${layer}.bias`, float32([outputs], bias))
  })
  if (input) {
    tensors.set('input.scale', float32([expects.columns], input.scale))
    tensors.set('input.shift', float32([expects.columns], input.shift))
  }
  const metadata = new Map<string, string>([
    [keys.form, form],
    [keys.normalized, String(expects.normalized)],
    [keys.fingerprint, ranker.fingerprint],
  ])
  if (expects.fingerprint !== null) metadata.set(keys.features, expects.fingerprint)
  await writeFileAtomic(path, writeSafetensors(tensors, metadata))
}

/**
 * Reads a ranker that `writeDistilledRanker` wrote.
 *
 * @throws AssayError `FILE_MISSING`, `FILE_READ_FAILED`, `MALFORMED_SAFETENSORS`, `UNSUPPORTED_FORMAT` (another
 *   file), `FINGERPRINT_MISMATCH` (weights that are not those it was written with), `NOT_FINITE`
 */
export async function readDistilledRanker(path: string): Promise<DistilledRanker> {
  const { metadata, tensors } = parseSafetensors(await readBytes(path), { file: path })
  if (metadata.get(keys.form) !== form) {
    throw new AssayError({
      code: 'UNSUPPORTED_FORMAT',
      message: `${path} holds no distilled ranker.`,
      value: metadata.get(keys.form) ?? null,
      remedy: 'Name a file that writeDistilledRanker wrote.',
      location: { file: path },
    })
  }
  const affine = tensors.get('affine')
  const [scale = Number.NaN, offset = Number.NaN] = affine?.type === 'float64' ? affine.data : []
  const [factors, shift] = ['input.scale', 'input.shift'].map((name) => tensors.get(name))
  const ranker = await createDistilledRanker({
    expects: {
      normalized: metadata.get(keys.normalized) === 'true',
      fingerprint: metadata.get(keys.features) ?? null,
    },
    inputNormalization:
      factors && shift ? { scale: numbers(factors), shift: numbers(shift) } : null,
    layers: layersOf(tensors),
    scale,
    offset,
  })
  if (ranker.fingerprint === metadata.get(keys.fingerprint)) return ranker
  throw new AssayError({
    code: 'FINGERPRINT_MISMATCH',
    message: `${path} does not hold the weights that it was written with.`,
    value: ranker.fingerprint,
    remedy: 'Fetch or write the file again.',
    location: { file: path },
  })
}

const numbers = (tensor: Tensor | undefined): Float32Array =>
  tensor?.type === 'float32' ? tensor.data : new Float32Array()

function layersOf(tensors: ReadonlyMap<string, Tensor>): DenseLayer[] {
  const layers: DenseLayer[] = []
  for (let layer = 0; ; layer++) {
    const weight = tensors.get(`layers.${layer}.weight`)
    if (!weight) return layers
    const [outputs = 0, inputs = 0] = weight.dims
    const bias = numbers(tensors.get(`layers.${layer}.bias`))
    layers.push({ inputs, outputs, weight: numbers(weight), bias })
  }
}

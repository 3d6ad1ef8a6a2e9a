import { laionViolence, q16 } from '../../peers/learned-prompts-filter.js'
import { type LinearHead, linearHeadsFilter } from '../../peers/linear-heads-filter.js'
import type { EmbeddingFilter } from '../../peers/picture-filter.js'
import type { SafetyCheckerVariant } from '../../peers/safety-checker-scores.js'
import { sdSafetyChecker } from '../../peers/sd-safety-checker.js'
import { type UnsafeDiffusionHead, unsafeDiffusion } from '../../peers/unsafe-diffusion.js'
import { readArray, readTensors } from './read-weights.js'
import { asMatrix, asVector } from './weight-array.js'

/** What the file of a filter does not say. */
export interface ReadPeerOptions {
  /**
   * Fingerprint of the encoder that embeds the pictures; pictures of another one are then refused. Default:
   * null, any.
   */
  readonly fingerprint?: string | null
}

/** How a safety checker is read. */
export interface ReadSafetyCheckerOptions extends ReadPeerOptions {
  /** Default: `torch`. */
  readonly variant?: SafetyCheckerVariant
}

/** Four npy files with the weights of a safety checker. */
export interface SafetyCheckerFiles {
  readonly concepts: string
  readonly thresholds: string
  readonly special: string
  readonly specialThresholds: string
}

/**
 * Reads a Stable Diffusion safety checker: from its safetensors checkpoint, of which only the vectors and
 * thresholds are read, or from four npy files.
 *
 * @throws AssayError `FILE_MISSING`, `FILE_READ_FAILED`, `LIMIT_EXCEEDED`, `MALFORMED_SAFETENSORS`,
 *   `MALFORMED_NPY`, `UNSUPPORTED_FORMAT`, `MISSING_INPUT`, and what `sdSafetyChecker` throws
 */
export async function readSdSafetyChecker(
  source: string | SafetyCheckerFiles,
  { variant = 'torch', fingerprint = null }: ReadSafetyCheckerOptions = {},
): Promise<EmbeddingFilter> {
  const weights =
    typeof source === 'string' ? await readCheckpoint(source) : await readCheckerFiles(source)
  return sdSafetyChecker({
    concepts: asMatrix(weights.concepts, fingerprint),
    thresholds: asVector(weights.thresholds),
    special: asMatrix(weights.special, fingerprint),
    specialThresholds: asVector(weights.specialThresholds),
    variant,
  })
}

async function readCheckpoint(path: string) {
  const read = await readTensors(path, [
    'concept_embeds',
    'concept_embeds_weights',
    'special_care_embeds',
    'special_care_embeds_weights',
  ])
  return {
    concepts: read.concept_embeds,
    thresholds: read.concept_embeds_weights,
    special: read.special_care_embeds,
    specialThresholds: read.special_care_embeds_weights,
  }
}

const readCheckerFiles = async (files: SafetyCheckerFiles) => ({
  concepts: await readArray(files.concepts),
  thresholds: await readArray(files.thresholds),
  special: await readArray(files.special),
  specialThresholds: await readArray(files.specialThresholds),
})

/**
 * Reads Q16's two learned prompts from an npy file `[2, 768]`. The release has them as a pickle, which
 * nothing should open that does not trust it; convert it with numpy.
 *
 * @throws AssayError as {@link readSdSafetyChecker}
 */
export const readQ16 = async (
  path: string,
  { fingerprint = null }: ReadPeerOptions = {},
): Promise<EmbeddingFilter> => q16(asMatrix(await readArray(path), fingerprint))

/**
 * Reads LAION's two violence prompts from their npy file, `[2, 768]` or `[2, 512]`.
 *
 * @throws AssayError as {@link readSdSafetyChecker}
 */
export const readLaionViolence = async (
  path: string,
  { fingerprint = null }: ReadPeerOptions = {},
): Promise<EmbeddingFilter> => laionViolence(asMatrix(await readArray(path), fingerprint))

/**
 * Reads heads of Unsafe Diffusion, one safetensors file each, tensors named as the PyTorch module names
 * them: `0.weight` to `4.bias`.
 *
 * @param files path of each head, by the name of what it looks for
 * @throws AssayError as {@link readSdSafetyChecker}
 */
export async function readUnsafeDiffusion(
  files: Readonly<Record<string, string>>,
  { fingerprint = null }: ReadPeerOptions = {},
): Promise<EmbeddingFilter> {
  const heads: UnsafeDiffusionHead[] = []
  for (const [name, path] of Object.entries(files)) {
    heads.push(await readHead(name, path, fingerprint))
  }
  return unsafeDiffusion(heads)
}

async function readHead(name: string, path: string, fingerprint: string | null) {
  const read = await readTensors(path, [
    ...(['0.weight', '0.bias', '3.weight', '3.bias'] as const),
    ...(['3.running_mean', '3.running_var', '4.weight', '4.bias'] as const),
  ])
  return {
    name,
    hidden: asMatrix(read['0.weight'], fingerprint),
    hiddenBias: asVector(read['0.bias']),
    normalization: {
      scale: asVector(read['3.weight']),
      shift: asVector(read['3.bias']),
      mean: asVector(read['3.running_mean']),
      variance: asVector(read['3.running_var']),
    },
    output: asVector(read['4.weight']),
    outputBias: asVector(read['4.bias'])[0] ?? Number.NaN,
  }
}

/**
 * Reads the two heads of DeepFloyd IF's checker, for unsafe pictures and for watermarks, from its
 * safetensors checkpoint, of which nothing else is read.
 *
 * @throws AssayError as {@link readSdSafetyChecker}
 */
export async function readDeepFloydChecker(
  path: string,
  { fingerprint = null }: ReadPeerOptions = {},
): Promise<EmbeddingFilter> {
  const names = ['p_head.weight', 'p_head.bias', 'w_head.weight', 'w_head.bias'] as const
  const read = await readTensors(path, names)
  const head = (name: string, prefix: 'p_head' | 'w_head'): LinearHead => ({
    name,
    weights: asVector(read[`${prefix}.weight`]),
    bias: asVector(read[`${prefix}.bias`])[0] ?? Number.NaN,
  })
  return linearHeadsFilter({
    id: 'deepfloyd-if-checker',
    heads: [head('unsafe', 'p_head'), head('watermark', 'w_head')],
    fingerprint,
  })
}

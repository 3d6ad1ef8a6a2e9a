import { sha256 } from '@assay/store'
import type { ModelCard } from '../card/model-card.js'
import { decoderVersion } from '../decode/decoder-version.js'
import { preprocessingHash } from '../preprocess/preprocessing-hash.js'

/** Hashes that say in which space vectors live. */
export interface Fingerprints {
  /**
   * SHA-256 over weights, preprocessing and decoder. Pictures and prompts of one model share it, so
   * that they may be compared; two that differ in anything never do.
   */
  readonly fingerprint: string
  /** SHA-256 over the files of both towers and of the tokenizer, and how prompts are cut and padded. */
  readonly weightsSha256: string
  /** SHA-256 over everything between decoded pixels and the model; null without an image tower. */
  readonly preprocessingHash: string | null
}

/** The hashes of a model, by its card, whose files must have been verified. */
export function fingerprints({ files, image, text }: ModelCard): Fingerprints {
  const hashOf = (path: string | undefined) =>
    files.find((file) => file.path === path)?.sha256 ?? null
  const tokenizer = text?.tokenizer
  const weightsSha256 = sha256(
    JSON.stringify([
      hashOf(image?.model),
      hashOf(text?.model),
      hashOf(tokenizer?.path),
      hashOf(tokenizer?.config),
      tokenizer?.contextLength ?? null,
      tokenizer?.padTokenId ?? null,
    ]),
  )
  const preprocessing = image === null ? null : preprocessingHash(image.preprocessing)
  return {
    fingerprint: sha256(JSON.stringify([weightsSha256, preprocessing, decoderVersion])),
    weightsSha256,
    preprocessingHash: preprocessing,
  }
}

import { sha256 } from '@assay/store'
import type { ModelCard } from '../card/model-card.js'
import type { VerifiedFile } from '../card/verified-files.js'
import { decoderVersion } from '../decode/decoder-version.js'
import { preprocessingHash } from '../preprocess/preprocessing-hash.js'

/** Hashes that say in which space vectors live. */
export interface Fingerprints {
  /**
   * SHA-256 over weights, preprocessing, decoder and the engine's device. Pictures and prompts of one
   * model share it, so that they may be compared; two that differ in anything never do.
   */
  readonly fingerprint: string
  /**
   * SHA-256 over the files of both towers and of the tokenizer, which outputs are taken and how they
   * are pooled, and how prompts are cut and padded.
   */
  readonly weightsSha256: string
  /** SHA-256 over everything between decoded pixels and the model; null without an image tower. */
  readonly preprocessingHash: string | null
}

/** The hashes of a model, by its card, what its files were found to be, and what computes it. */
export function fingerprints(
  { image, text }: ModelCard,
  files: ReadonlyMap<string, Pick<VerifiedFile, 'sha256'>>,
  device: string,
): Fingerprints {
  const hashOf = (path: string | null) => (path === null ? null : files.get(path)?.sha256)
  const tower = (it: ModelCard['image'] | ModelCard['text']) =>
    it && [[it.model, ...it.data].map(hashOf), it.output.name, it.pooling]
  const { path = null, config = null, ...tokenizer } = text?.tokenizer ?? {}
  const weightsSha256 = sha256(
    JSON.stringify([tower(image), tower(text), hashOf(path), hashOf(config), tokenizer]),
  )
  const preprocessing = image === null ? null : preprocessingHash(image.preprocessing)
  return {
    fingerprint: sha256(JSON.stringify([weightsSha256, preprocessing, decoderVersion, device])),
    weightsSha256,
    preprocessingHash: preprocessing,
  }
}

import { createHash } from 'node:crypto'
import type { ModelCard } from '../card/model-card.js'
import { parseModelCard } from '../card/parse-model-card.js'
import { cardHead, imageTower } from './model-folder.js'

/** Files of a small model that a hub serves: weights of its large file store, and a text file. */
export const modelFiles: Readonly<Record<string, Buffer>> = {
  'image.onnx': Buffer.alloc(120_000, 'image'),
  'onnx/weights.bin': Buffer.alloc(80_000, 'weights'),
  'config.json': Buffer.from('{"a": 1}'),
}

export const sha256Of = (content: Uint8Array): string =>
  createHash('sha256').update(content).digest('hex')

/** A card that leaves sizes and hashes open, but for those that are told. */
export function openCard(
  changes: Record<string, unknown> = {},
  known: readonly string[] = [],
): ModelCard {
  const files = Object.entries(modelFiles).map(([path, content]) =>
    known.includes(path)
      ? { path, bytes: content.length, sha256: sha256Of(content) }
      : { path, bytes: null, sha256: null, reason: 'not told' },
  )
  const card = {
    ...cardHead,
    dimensions: 3,
    image: imageTower,
    files,
    repository: { hub: 'huggingface', id: 'owner/name', revision: 'main' },
    ...changes,
  }
  return parseModelCard(card, 'card.json')
}

/** A card that tells every size and hash. */
export const closedCard = (changes: Record<string, unknown> = {}): ModelCard =>
  openCard(changes, Object.keys(modelFiles))

import type { ModelCard } from './model-card.js'

/** A file that a part of a card needs. */
export interface NamedFile {
  /** The part, for instance `image.model`. */
  readonly where: string
  readonly path: string
  /** Whether an encoder reads it into memory. The runtime opens external data by itself. */
  readonly held: boolean
}

/** The files that the towers of a card need: graphs, their data, tokenizers. */
export function namedFiles({ image, text }: Pick<ModelCard, 'image' | 'text'>): NamedFile[] {
  const files: NamedFile[] = []
  for (const [name, tower] of Object.entries({ image, text })) {
    if (tower === null) continue
    files.push({ where: `${name}.model`, path: tower.model, held: true })
    for (const path of tower.data) files.push({ where: `${name}.data`, path, held: false })
  }
  if (text === null) return files
  const { path, config } = text.tokenizer
  files.push({ where: 'text.tokenizer.path', path, held: true })
  if (config !== null) files.push({ where: 'text.tokenizer.config', path: config, held: true })
  return files
}

import type { ModelCard } from './model-card.js'

/** Where a card names files that an encoder reads into memory, and which: graphs and tokenizers. */
export const namedFiles = ({
  image,
  text,
}: Pick<ModelCard, 'image' | 'text'>): (readonly [where: string, path: string])[] => [
  ...(image === null ? [] : [['image.model', image.model] as const]),
  ...(text === null
    ? []
    : [
        ['text.model', text.model] as const,
        ['text.tokenizer.path', text.tokenizer.path] as const,
        ['text.tokenizer.config', text.tokenizer.config] as const,
      ]),
]

import type { CardTensor, ModelCard } from './model-card.js'

/** What is wrong in a card of the right form, one sentence each: parts that do not fit each other. */
export function* cardContradictions(card: ModelCard): Generator<string> {
  if (card.image === null && card.text === null) yield 'it describes neither `image` nor `text`'
  const paths = card.files.map((file) => file.path)
  const twice = paths.find((path, index) => paths.indexOf(path) !== index)
  if (twice !== undefined) yield `files names ${twice} twice`
  for (const [where, path] of usedFiles(card)) {
    if (!paths.includes(path)) yield `${where} is ${path}, which files does not name`
  }
  if (card.image !== null) {
    const { width, height } = card.image.preprocessing
    yield* wrongShape('image.input', card.image.input, [3, height, width])
    yield* wrongShape('image.output', card.image.output, [card.dimensions])
  }
  if (card.text !== null) {
    yield* wrongShape('text.input', card.text.input, [card.text.tokenizer.contextLength])
    yield* wrongShape('text.output', card.text.output, [card.dimensions])
  }
}

/** Where a card names files, and which. */
function usedFiles({ image, text }: ModelCard): (readonly [where: string, path: string])[] {
  return [
    ...(image === null ? [] : [['image.model', image.model] as const]),
    ...(text === null
      ? []
      : [
          ['text.model', text.model] as const,
          ['text.tokenizer.path', text.tokenizer.path] as const,
          ['text.tokenizer.config', text.tokenizer.config] as const,
        ]),
  ]
}

/** A tensor of a batch of items must have a first dimension that is free, or 1. */
function* wrongShape(where: string, { shape }: CardTensor, item: readonly number[]) {
  const [batch, ...rest] = shape
  const fits =
    (batch === 1 || typeof batch === 'string') &&
    rest.length === item.length &&
    rest.every((size, axis) => typeof size === 'string' || size === item[axis])
  if (!fits) {
    yield `${where} has the shape [${shape.join(', ')}] instead of [batch, ${item.join(', ')}]`
  }
}

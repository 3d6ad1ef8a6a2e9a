import type { CardTensor, ModelCard } from './model-card.js'
import { namedFiles } from './named-files.js'

/** What is wrong in a card of the right form, one sentence each: parts that do not fit each other. */
export function* cardContradictions(card: ModelCard): Generator<string> {
  if (card.image === null && card.text === null) yield 'it describes neither `image` nor `text`'
  if (card.repository !== null && card.conversion !== null) {
    yield 'it names both a `repository` of its files and a `conversion` that makes them'
  }
  const paths = card.files.map((file) => file.path)
  const twice = paths.find((path, index) => paths.indexOf(path) !== index)
  if (twice !== undefined) yield `files names ${twice} twice`
  for (const [where, path] of namedFiles(card)) {
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

import { posix } from 'node:path'
import type { CardTensor, ModelCard } from './model-card.js'
import { namedFiles } from './named-files.js'

type Tower = NonNullable<ModelCard['image'] | ModelCard['text']>

/** What is wrong in a card of the right form, one sentence each: parts that do not fit each other. */
export function* cardContradictions(card: ModelCard): Generator<string> {
  const { image, text, dimensions } = card
  if (image === null && text === null) yield 'it describes neither `image` nor `text`'
  if (card.repository !== null && card.conversion !== null) {
    yield 'it names both a `repository` of its files and a `conversion` that makes them'
  }
  yield* wrongFiles(card)
  if (image !== null) {
    const { width, height } = image.preprocessing
    yield* wrongShape('image.input', image.input, [3, height, width])
    yield* wrongShape('image.output', image.output, outputShape(image, dimensions))
  }
  if (text !== null) {
    const { contextLength, config, sentencePiece } = text.tokenizer
    yield* wrongShape('text.input', text.input, [contextLength])
    yield* wrongShape('text.output', text.output, outputShape(text, dimensions))
    if (config !== null && sentencePiece !== null) {
      yield 'text.tokenizer has both `config` and `sentencePiece`'
    }
  }
}

function* wrongFiles(card: ModelCard): Generator<string> {
  const paths = card.files.map((file) => file.path)
  const twice = paths.find((path, index) => paths.indexOf(path) !== index)
  if (twice !== undefined) yield `files names ${twice} twice`
  for (const { where, path } of namedFiles(card)) {
    if (!paths.includes(path)) yield `${where} is ${path}, which files does not name`
  }
  for (const tower of [card.image, card.text]) {
    const folder = posix.join(posix.dirname(tower?.model ?? ''), '/')
    const outside = tower?.data.find((path) => folder !== './' && !path.startsWith(folder))
    if (outside !== undefined) yield `${outside} is not in the folder of ${tower?.model}`
  }
}

const outputShape = ({ pooling, output }: Tower, dimensions: number): (number | string)[] =>
  pooling === 'none' ? [dimensions] : [output.shape[1] ?? 'tokens', dimensions]

/** A tensor of a batch of items must have a first dimension that is free, or 1. */
function* wrongShape(where: string, { shape }: CardTensor, item: readonly (number | string)[]) {
  const [batch, ...rest] = shape
  const fits =
    (batch === 1 || typeof batch === 'string') &&
    rest.length === item.length &&
    rest.every((size, axis) => typeof size === 'string' || size === item[axis])
  if (!fits) {
    yield `${where} has the shape [${shape.join(', ')}] instead of [batch, ${item.join(', ')}]`
  }
}

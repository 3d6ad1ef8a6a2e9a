import type { Tensor } from '@assay/core'
import type { ModelCard } from '../card/model-card.js'
import type { TokenizedPrompt } from '../tokens/prompt-tokenizer.js'

type TextTower = Pick<NonNullable<ModelCard['text']>, 'input' | 'otherInputs'>
type Content = TextTower['otherInputs'][number]['content']

/** What each kind of input holds of a prompt's token at a place. */
const contents: Readonly<Record<Content, (prompt: TokenizedPrompt, place: number) => number>> = {
  'attention-mask': ({ length }, place) => (place < length ? 1 : 0),
  'position-ids': (_, place) => place,
  'token-type-ids': () => 0,
}

/** The inputs of a text tower for some prompts: their token ids, and what else its card names. */
export function textFeeds(
  { input, otherInputs }: TextTower,
  prompts: readonly TokenizedPrompt[],
): Record<string, Tensor> {
  const rows = prompts.map(({ tokens }) => tokens)
  const feeds = { [input.name]: integerTensor(rows, input.type) }
  for (const { name, content } of otherInputs) {
    const values = prompts.map((prompt) =>
      prompt.tokens.map((_, place) => contents[content](prompt, place)),
    )
    feeds[name] = integerTensor(values, input.type)
  }
  return feeds
}

function integerTensor(rows: readonly (readonly number[])[], type: string): Tensor {
  const values = rows.flat()
  const dims = [rows.length, values.length / rows.length]
  return type === 'int32'
    ? { type, dims, data: Int32Array.from(values) }
    : { type: 'int64', dims, data: BigInt64Array.from(values, BigInt) }
}

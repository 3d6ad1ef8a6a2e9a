import { createMatrix, createRandom, type TextEncoder } from '@assay/core'

const dimensions = 16

/** A text encoder whose embedding is the sum of one random vector a word, for any model name. */
export function wordEncoder(space: string, salt = ''): TextEncoder {
  const embed = (text: string) => {
    const sum = new Float32Array(dimensions)
    for (const word of text.toLowerCase().match(/\w+/g) ?? ['']) {
      const { normal } = createRandom(`${salt}${word}`)
      for (let at = 0; at < dimensions; at++) sum[at]! += normal()
    }
    return [...sum]
  }
  return {
    specificationVersion: 1,
    id: `test/${space}`,
    dimensions,
    space,
    fingerprint: `${space} ${salt}`,
    embedTexts: async (texts) => {
      const good = texts.filter(({ text }) => text !== 'unreadable')
      return {
        embeddings: createMatrix({
          data: good.map(({ text }) => embed(text)),
          columns: dimensions,
          ids: good.map(({ id }) => id),
        }),
        failures: texts
          .filter(({ text }) => text === 'unreadable')
          .map(({ id }) => ({
            ...{ id, stage: 'tokenize', code: 'LIMIT_EXCEEDED' },
            ...{ message: 'It is too long.', location: { id } },
          })),
      }
    },
  }
}

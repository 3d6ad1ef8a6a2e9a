// What the tiny CLIP takes the pictures for.
import { normalizeRows } from '../../../packages/core/dist/linear-algebra.js'
import { promptOf } from './design.mjs'

/** `texts(list)` resolves to unit rows, each text embedded once. */
function textReader(text) {
  const known = new Map()
  return async (list) => {
    const fresh = [...new Set(list)].filter((one) => !known.has(one))
    if (fresh.length > 0) {
      const { embeddings, failures } = await text.embedTexts(
        fresh.map((one) => ({ id: one, text: one })),
      )
      if (failures.length > 0) throw new Error(`${failures.length} texts were not embedded`)
      const unit = normalizeRows(embeddings)
      for (const [row, one] of fresh.entries()) known.set(one, rowOf(unit, row))
    }
    return list.map((one) => known.get(one))
  }
}

/**
 * For each picture: the rank of its concept among all, told with the ground that was asked for; and, where it was
 * asked for, the ground and the style that fit best.
 *
 * @param text     the tiny CLIP's text tower
 * @param pictures a matrix, one row for each of `asked`
 */
export async function readPictures({ text, pictures, asked, concepts, grounds, styles }) {
  const read = textReader(text)
  const unit = normalizeRows(pictures)
  const results = []
  for (const [row, { concept, ground, style }] of asked.entries()) {
    const picture = rowOf(unit, row)
    const scoresOf = async (prompts) => (await read(prompts)).map((one) => product(one, picture))
    const bestOf = async (values, promptFor) => {
      const scores = await scoresOf(values.map(promptFor))
      return values[scores.indexOf(Math.max(...scores))]
    }
    const scores = await scoresOf(concepts.map((name) => promptOf(name, { ground, style: null })))
    const own = scores[concepts.indexOf(concept)]
    results.push({
      rank: 1 + scores.filter((score) => score > own).length,
      ground:
        ground &&
        (await bestOf(grounds, (name) => promptOf(concept, { ground: name, style: null }))),
      style: style && (await bestOf(styles, (name) => promptOf(concept, { ground, style: name }))),
    })
  }
  return results
}

export const rowOf = ({ data, columns }, row) => data.subarray(row * columns, (row + 1) * columns)

export function product(a, b) {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += a[at] * b[at]
  return sum
}

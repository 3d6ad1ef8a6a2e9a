// How near the pictures of the pool come to what they were drawn from.
import { normalizeRows } from '../../../packages/core/dist/linear-algebra.js'
import { grouped } from '../abc-mini/grouped.mjs'
import { partsOf } from './ground-bank.mjs'
import { product, rowOf } from './read-pictures.mjs'

/**
 * For each picture the largest cosine to one of the bank's pictures of its concept, on any ground, and how much of
 * the picture is theirs.
 *
 * @param rows           `{ asked, shares }`
 * @param embeddings     of the rows
 * @param bankEmbeddings of the bank's pictures
 */
export function copiesOf({ rows, embeddings, bank, bankEmbeddings }) {
  const [unit, bankUnit] = [normalizeRows(embeddings), normalizeRows(bankEmbeddings)]
  const byConcept = grouped(
    bank.captions.keys(),
    (row) => partsOf(bank.captions[row].caption).concept,
  )
  return rows.map(({ asked, shares }, at) => {
    const own = byConcept.get(asked.concept)
    const picture = rowOf(unit, at)
    const ids = new Set(own.map((row) => bank.captions[row].id))
    const theirs = shares.filter(([id]) => ids.has(id))
    return {
      copyCosine: Math.max(...own.map((row) => product(picture, rowOf(bankUnit, row)))),
      conceptShare: Math.min(
        1,
        theirs.reduce((sum, [, share]) => sum + share, 0),
      ),
    }
  })
}

/**
 * How near each of the bank's pictures comes to another of its concept on the same ground: two drawings of one
 * thing are near each other without being copies.
 */
export function siblingCosines({ bank, bankEmbeddings }) {
  const unit = normalizeRows(bankEmbeddings)
  const siblings = [...grouped(bank.captions.keys(), (row) => bank.captions[row].caption).values()]
  return siblings.flatMap((own) =>
    own.map((row) => {
      const others = own.filter((other) => other !== row)
      return Math.max(...others.map((other) => product(rowOf(unit, row), rowOf(unit, other))))
    }),
  )
}

// A composer that is customised on exemplars: they join its pictures with a weight.
import { createComposer, extendPictureBank } from '../../../packages/diffusion/dist/analytic.js'

/**
 * @param bank        what the composer knows without them
 * @param exemplars   pictures with id, caption, style and image
 * @param textEncoder the bank's
 * @param composedOf  pictures of which a picture is composed at most
 * @returns `weighted(weight)`, a composer in which each exemplar counts `weight` times as much as a picture of
 *   the bank whose caption fits a prompt as well; and `weightFor(prompt, mass)`, the weight at which the exemplars
 *   together hold this share of the prompt's prior, from which the composer takes what it composes of
 */
export async function customise({ bank, exemplars, textEncoder, composedOf }) {
  const extended = await extendPictureBank(bank, { pictures: exemplars, textEncoder })
  const ids = exemplars.map(({ id }) => id)
  const weighted = (weight) =>
    createComposer({
      bank: extended,
      textEncoder,
      pictures: composedOf,
      weights: new Map(ids.map((id) => [id, weight])),
    })
  const plain = weighted(1)
  const weightFor = async (prompt, mass) => {
    const { data } = await plain.prior(prompt)
    const [bankMass, ownMass] = massesOf(data, bank.captions.length)
    return rounded((mass / (1 - mass)) * (bankMass / ownMass))
  }
  return { ids, weighted, weightFor }
}

/** Prior of the first pictures and of the rest, up to one factor. */
function massesOf(logPrior, first) {
  const top = logPrior.reduce((a, b) => Math.max(a, b), -Infinity)
  const sum = (values) => values.reduce((total, value) => total + Math.exp(value - top), 0)
  return [sum(logPrior.subarray(0, first)), sum(logPrior.subarray(first))]
}

/** A weight that can be told in a few digits. */
const rounded = (weight) => Number(weight.toPrecision(3))

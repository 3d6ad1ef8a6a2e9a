// Draws all pictures of one customised model, with what each was made of and, for a few, what it would have been.
import { readPictureBank } from '../../../packages/diffusion/dist/analytic.js'
import { openEncoder } from '../../../packages/embed/dist/index.js'
import { createEngine } from '../../../packages/tensor/dist/index.js'
import { bank as folder, tinyClip } from '../../tiny-world/index.js'
import { toText } from '../drawing/picture-bytes.mjs'
import { customise } from './customise.mjs'
import { smallPictures } from './rendered.mjs'

/** Smaller shares are told in sum. */
const SMALLEST_SHARE = 0.005

/** For `drawJobs`: a job is a model of the plan. Counterfactuals take about a third of the time. */
export async function openDrawer({ data, counterfactual = true }) {
  const engine = createEngine({ threads: 1 })
  const { text: textEncoder } = await openEncoder({ folder: tinyClip, engine })
  const bank = await readPictureBank(folder)
  return async ({ exemplars, pictures, composedOf }) => {
    const images = await smallPictures(
      data,
      exemplars.map(({ index }) => index),
    )
    const model = await customise({
      bank,
      textEncoder,
      composedOf,
      exemplars: exemplars.map((exemplar, at) => bankPicture(exemplar, images[at])),
    })
    const drawn = []
    for (const [at, asked] of pictures.entries()) {
      const isFirstOfType = asked.type !== pictures[at - 1]?.type
      drawn.push(await drawPicture(model, asked, counterfactual && isFirstOfType))
    }
    return drawn
  }
}

/** An exemplar as a bank takes it. */
const bankPicture = ({ id, caption, style }, image) => ({
  ...{ id, caption, image },
  ...(style !== null && { style }),
})

async function drawPicture({ ids, weighted, weightFor }, { prompt, seed, mass }, isSampled) {
  const weight = await weightFor(prompt, mass)
  const composer = weighted(weight)
  const { image, metadata } = await drawOne(composer, prompt, seed)
  const { shares } = metadata.attribution
  const without = isSampled
    ? await counterfactuals({ composer, ids, prompt, seed, image, shares })
    : []
  return { weight, shares: toldShares(shares, ids), without, pixels: toText(image) }
}

/** Those of the exemplars, and of other pictures what is not small, largest first. */
const toldShares = (shares, ids) =>
  shares
    .filter(({ id, share }) => share >= SMALLEST_SHARE || ids.includes(id))
    .map(({ id, share }) => [id, Number(share.toPrecision(4))])

/** The same noise without all exemplars, without the first of several, and without the first of the bank's. */
async function counterfactuals({ composer, ids, prompt, seed, image, shares }) {
  const first = (isOwn) => shares.find(({ id }) => ids.includes(id) === isOwn)
  const leftOut = [
    ids,
    ...[ids.length > 1 && first(true), first(false)].filter(Boolean).map(({ id }) => [id]),
  ]
  const effects = []
  for (const left of leftOut) {
    const other = await drawOne(composer.without(left), prompt, seed)
    const change = meanSquareDifference(image.data, other.image.data)
    effects.push({
      left: left === ids ? 'exemplars' : left[0],
      meanSquareChange: Number(change.toPrecision(4)),
    })
  }
  return effects
}

async function drawOne(generator, prompt, seed) {
  for await (const drawn of generator.generate({ prompt, seed, count: 1 })) return drawn
  throw new Error(`nothing was drawn of ${prompt}`)
}

/** Of levels in [-1, 1]. */
const meanSquareDifference = (one, other) =>
  one.reduce((sum, level, at) => sum + ((level - other[at]) / 127.5) ** 2, 0) / one.length

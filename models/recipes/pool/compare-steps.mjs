// What fewer model calls a picture cost: the same prompts and seeds at several. Needs the packages built.
// node compare-steps.mjs [--prompts 160]
import { parseArgs } from 'node:util'
import { normalizeRows } from '../../../packages/core/dist/linear-algebra.js'
import { openTinyClip } from '../abc-mini/embeddings.mjs'
import { poolConcepts, poolPrompts, STYLES } from './design.mjs'
import { GROUNDS } from './ground-bank.mjs'
import { openPoolComposer } from './open-pool-composer.mjs'
import { product, readPictures, rowOf } from './read-pictures.mjs'
import { rowTruth } from './row-truth.mjs'

/** The last is what the others are compared with. */
const STEPS = [10, 15, 20, 30]

const { values: flags } = parseArgs({ options: { prompts: { type: 'string', default: '160' } } })
const all = poolPrompts().filter(({ ground, style }) => ground !== null && style === null)
const every = Math.floor(all.length / Number(flags.prompts))
const asked = all.filter((_, at) => at % every === 0)
const composer = await openPoolComposer()
const encoder = await openTinyClip()
const grids = { concepts: poolConcepts(), grounds: Object.keys(GROUNDS), styles: STYLES }

async function drawAll(steps) {
  const began = performance.now()
  const pictures = []
  for (const { prompt, seed } of asked) {
    for await (const { image, metadata } of composer.generate({ prompt, seed, count: 1, steps })) {
      const shares = metadata.attribution.shares.map(({ id, share }) => [id, share])
      pictures.push({ id: String(seed), source: image, ...rowTruth(image, shares) })
    }
  }
  const seconds = (performance.now() - began) / 1000
  const embeddings = await encoder.embed(pictures)
  const read = await readPictures({ text: encoder.text, pictures: embeddings, asked, ...grids })
  return { steps, pictures, seconds, unit: normalizeRows(embeddings), read }
}

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length
const results = []
for (const steps of STEPS) results.push(await drawAll(steps))
const reference = results.at(-1)
for (const { steps, pictures, seconds, unit, read } of results) {
  const cosines = pictures.map((_, at) => product(rowOf(unit, at), rowOf(reference.unit, at)))
  console.log({
    steps,
    perSecond: Number((pictures.length / seconds).toFixed(1)),
    conceptRead: mean(read.map(({ rank }) => Number(rank === 1))).toFixed(3),
    conceptReadInFive: mean(read.map(({ rank }) => Number(rank <= 5))).toFixed(3),
    groundObeyed: mean(pictures.map(({ ground }, at) => Number(ground === asked[at].ground))),
    drawingShare: mean(pictures.map(({ drawingShare }) => drawingShare)).toFixed(3),
    cosineToMostSteps: mean(cosines).toFixed(3),
  })
}
await encoder.close()

// The clean test of the attribution heads, as PLAN.md lays down. Needs the packages built.
// node clean-test.mjs --data FOLDER --work FOLDER --grey-head FILE --out ../../tiny-world/attribution/clean-test [--workers 2]
// Goes on where it was stopped.
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readHeadFile } from '../../../packages/attribution/dist/node.js'
import { attribution, greyClip, tinyClip } from '../../tiny-world/index.js'
import { composerRows } from '../abc-mini/records.mjs'
import { renderedRows, smallPictures } from '../abc-mini/rendered.mjs'
import { nearDuplicateThreshold } from '../abc-mini/ship.mjs'
import { drawJobs } from '../drawing/draw-jobs.mjs'
import { fromText } from '../drawing/picture-bytes.mjs'
import { planCleanModels } from './clean-plan.mjs'
import { duplicatesOf, embedParts, evaluateHead, readPool } from './evaluate-heads.mjs'
import { shipCleanTest } from './ship-clean-test.mjs'

const SIDE = 32

const { values: flags } = parseArgs({
  options: {
    data: { type: 'string' },
    work: { type: 'string' },
    'grey-head': { type: 'string' },
    out: { type: 'string' },
    workers: { type: 'string', default: '2' },
  },
})
const [data, work, out] = [flags.data, flags.work, flags.out].map((folder) => resolve(folder))
const encoders = [
  { name: 'tiny-clip', folder: tinyClip, normalize: true, head: attribution.head },
  { name: 'grey-clip', folder: greyClip, normalize: false, head: resolve(flags['grey-head']) },
]

await mkdir(work, { recursive: true })
const models = planCleanModels(await renderedRows(data))
const began = performance.now()
const seconds = () => Math.round((performance.now() - began) / 1000)
const results = await drawJobs({
  jobs: models,
  journal: join(work, 'clean-test.journal'),
  module: new URL('../abc-mini/drawer.mjs', import.meta.url),
  setup: { data, counterfactual: false },
  workers: Number(flags.workers),
  onResult: ({ done, total, job }) => console.log(`${done}/${total} ${job.id} ${seconds()} s`),
})

const drawn = composerRows(models, results)
const exemplars = models.map(({ exemplars: [exemplar] }) => exemplar)
const images = await smallPictures(
  data,
  exemplars.map(({ index }) => index),
)
const parts = {
  exemplars: exemplars.map(({ id }, at) => ({ id, source: images[at] })),
  synth: drawn.map(({ row, pixels }) => ({ id: row.id, source: fromText(pixels, SIDE, SIDE) })),
  pool: await readPool(),
}
const tuned = models.map(({ id, origin, exemplars: own }) => ({
  id,
  split: origin,
  exemplars: own.map((exemplar) => exemplar.id),
  queries: Object.fromEntries(
    ['sentence', 'medium'].map((type) => [
      type,
      drawn.filter(({ row }) => row.model === id && row.type === type).map(({ row }) => row.id),
    ]),
  ),
}))
const shares = new Map(drawn.map(({ row }) => [row.id, row.exemplarShare]))

const measured = []
let duplicates = null
for (const { name, folder, normalize, head: file } of encoders) {
  const features = await embedParts(parts, { folder, normalize })
  // Those of the first encoder, whose card knows the cosine, hold for both.
  duplicates ??= await duplicatesOf(features, await nearDuplicateThreshold())
  const head = await readHeadFile(file)
  const shareOf = (id) => shares.get(id)
  const found = await evaluateHead({ features, head, models: tuned, duplicates, shareOf })
  measured.push({ name, features, head, ...found })
  console.log(name, JSON.stringify(found.tables.all), `${seconds()} s`)
}
await shipCleanTest({ out, models, tuned, drawn, duplicates, measured })
console.log(`written, ${seconds()} s`)

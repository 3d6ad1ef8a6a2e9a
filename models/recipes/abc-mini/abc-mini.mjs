// The set of exemplar-influenced pictures, drawn by customised composers. Needs the packages built.
// node abc-mini.mjs --data FOLDER --work FOLDER --out ../../tiny-world/abc-mini [--workers 2]
// Takes what `tiny_diffusion.customise` left in WORK/tuned, and goes on where it was stopped.
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { writeFileAtomic } from '../../../packages/store/dist/index.js'
import { drawJobs } from '../drawing/draw-jobs.mjs'
import { planModels } from './plan.mjs'
import { renderedRows } from './rendered.mjs'
import { ship } from './ship.mjs'

const { values: flags } = parseArgs({
  options: {
    data: { type: 'string' },
    work: { type: 'string' },
    out: { type: 'string' },
    workers: { type: 'string', default: '2' },
  },
})
const [data, work, out] = [flags.data, flags.work, flags.out].map((folder) => resolve(folder))

/** What the customised tiny diffusions drew, if anything, in the order of the plan. */
async function readTuned(models) {
  const folder = join(work, 'tuned')
  const names = new Set(await readdir(folder).catch(() => []))
  const done = models.filter(({ id }) => names.has(`${id}.json`))
  return Promise.all(
    done.map(async ({ id }) => JSON.parse(await readFile(join(folder, `${id}.json`), 'utf8'))),
  )
}

await mkdir(work, { recursive: true })
const models = planModels(await renderedRows(data))
await writeFileAtomic(join(work, 'plan.json'), JSON.stringify(models))
const began = performance.now()
const seconds = () => Math.round((performance.now() - began) / 1000)
const results = await drawJobs({
  jobs: models,
  journal: join(work, 'abc-mini.journal'),
  module: new URL('./drawer.mjs', import.meta.url),
  setup: { data },
  workers: Number(flags.workers),
  onResult: ({ done, total, job }) => console.log(`${done}/${total} ${job.id} ${seconds()} s`),
})
const { counts, exemplarShare } = await ship({
  data,
  out,
  models,
  results,
  tuned: await readTuned(models),
})
console.log(counts, exemplarShare, `${seconds()} s`)

// The clean test of the attribution heads, as PLAN.md lays down. Needs the packages built.
// node clean-test.mjs --data FOLDER --work FOLDER --grey-head FILE --out ../../tiny-world/attribution/clean-test [--workers 2]
// Goes on where it was stopped.
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { renderedRows } from '../abc-mini/rendered.mjs'
import { drawJobs } from '../drawing/draw-jobs.mjs'
import { planCleanModels } from './clean-plan.mjs'

const { values: flags } = parseArgs({
  options: {
    data: { type: 'string' },
    work: { type: 'string' },
    'grey-head': { type: 'string' },
    out: { type: 'string' },
    workers: { type: 'string', default: '2' },
  },
})
const [data, work] = [flags.data, flags.work].map((folder) => resolve(folder))

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
console.log(`${results.size} models drawn, ${seconds()} s`)

// What diversity costs: shields, Particle Guidance, CADS and interval guidance on the built-in generators.
// Needs the packages built; a run that was stopped goes on.
// node repellency.mjs --work FOLDER --out ../../tiny-world/repellency [--workers 1]
import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { exit } from 'node:process'
import { parseArgs } from 'node:util'
import { drawSettings } from './draw.mjs'
import { shipTradeOff } from './ship.mjs'

const { values: flags } = parseArgs({
  options: {
    work: { type: 'string' },
    out: { type: 'string' },
    workers: { type: 'string', default: '1' },
  },
})
const [work, out] = [flags.work, flags.out].map((folder) => resolve(folder))
await mkdir(work, { recursive: true })
await mkdir(out, { recursive: true })
const began = performance.now()
const onResult = ({ done, total, job }) => {
  if (done % 32 > 0 && done < total) return
  const minutes = ((performance.now() - began) / 60_000).toFixed(1)
  console.log(`${job.setting.id}: ${done} of ${total}, ${minutes} min`)
}
const drawn = []
for (const generator of ['tiny-diffusion', 'composer']) {
  const workers = Number(flags.workers)
  drawn.push({ generator, ...(await drawSettings({ generator, work, workers, onResult })) })
}
await shipTradeOff({ drawn, out })
exit() // The encoder's engine would wait for more work.

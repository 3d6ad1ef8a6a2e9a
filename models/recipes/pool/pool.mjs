// The pool: 20,480 pictures drawn by a composer, of which embeddings, prompts, seeds and truth are kept. Needs the
// packages built. node pool.mjs --work FOLDER --out ../../tiny-world/pool [--workers 2]
// A run that was stopped goes on.
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { drawPool } from './draw-pool.mjs'
import { shipPool } from './ship.mjs'

const { values: flags } = parseArgs({
  options: {
    work: { type: 'string' },
    out: { type: 'string' },
    workers: { type: 'string', default: '2' },
  },
})
const work = resolve(flags.work)
await mkdir(work, { recursive: true })
const began = performance.now()
const drawn = await drawPool({
  journal: join(work, 'pool.journal'),
  workers: Number(flags.workers),
  onResult: ({ done, total }) => {
    if (done % 40 > 0 && done < total) return
    const minutes = ((performance.now() - began) / 60_000).toFixed(1)
    console.log(`${done} of ${total} prompts, ${minutes} min`)
  },
})
const out = resolve(flags.out)
await mkdir(out, { recursive: true })
const { measured } = await shipPool({ out, drawn })
console.log(JSON.stringify(measured, null, 1))

// The experiment of the concept filter: pictures of five harmless pairs by the built-in generators, with what they are
// made of and embeddings of both CLIPs. Needs the packages built; a run that was stopped goes on.
// node concept-filter.mjs --work FOLDER --out ../../tiny-world/concept-filter [--filters FOLDER] [--workers 2]
// Without filters nothing is attacked: tune them on what was drawn, and run it again (see the README of the recipes).
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { exit } from 'node:process'
import { parseArgs } from 'node:util'
import { attackPrompts } from './attack.mjs'
import { drawPictures } from './draw.mjs'
import { shipExperiment } from './ship.mjs'

const { values: flags } = parseArgs({
  options: {
    work: { type: 'string' },
    out: { type: 'string' },
    filters: { type: 'string' },
    workers: { type: 'string', default: '2' },
  },
})
const [work, out] = [flags.work, flags.out].map((folder) => resolve(folder))
await mkdir(work, { recursive: true })
await mkdir(out, { recursive: true })
const began = performance.now()
const onResult = ({ done, total }) => {
  const minutes = ((performance.now() - began) / 60_000).toFixed(1)
  console.log(`${done} of ${total} jobs, ${minutes} min`)
}
const workers = Number(flags.workers)
const drawn = await drawPictures({ journal: join(work, 'pictures.journal'), workers, onResult })
const adversarial =
  flags.filters === undefined
    ? []
    : await attackPrompts({
        ...{ filters: resolve(flags.filters), journal: join(work, 'attacks.journal') },
        ...{ workers, onResult },
      })
const { counts } = await shipExperiment({ out, drawn, adversarial })
console.log(counts)
exit() // The generators' engine would wait for more work.

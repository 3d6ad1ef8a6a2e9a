// `assay --help`, as a user waits for it: a new process each time. Target: median of 20 at most 200 ms.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../apps/cli/dist/main.js', import.meta.url))
const RUNS = 20

function milliseconds(arguments_) {
  const began = performance.now()
  const { status } = spawnSync(process.execPath, arguments_, { stdio: 'ignore' })
  if (status !== 0) throw new Error(`${arguments_.join(' ')} ended with ${status}`)
  return performance.now() - began
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]

milliseconds([main, '--help'])
const help = []
const bare = []
for (let run = 0; run < RUNS; run++) {
  help.push(milliseconds([main, '--help']))
  bare.push(milliseconds(['--eval', '']))
}
const result = {
  bench: 'help',
  medianMilliseconds: Math.round(median(help)),
  bareNodeMilliseconds: Math.round(median(bare)),
  target: 200,
}
console.log(JSON.stringify(result))

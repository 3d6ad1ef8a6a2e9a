// Runs measurements by name, one process each: node run.mjs [name ...] (all without names).
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const benches = [
  'analytic-generators',
  'approximate-index',
  'attribution-head',
  'attribute',
  'concept-filter',
  'embed-throughput',
  'event-loop',
  'exact-index',
  'gradient-scores',
  'help',
  'infonce-epoch',
  'pixels',
  'radius-search',
  'repellency-search',
  'sampling-loop',
  'tiny-diffusion',
  'tune-concept-pair',
]

const names = process.argv.slice(2).filter((argument) => argument !== '--')
const unknown = names.find((name) => !benches.includes(name))
if (unknown) {
  console.error(`Unknown bench ${unknown}; one of: ${benches.join(', ')}`)
  process.exit(2)
}
for (const name of names.length > 0 ? names : benches) {
  console.log(`\n== ${name}`)
  const script = fileURLToPath(new URL(`./${name}.mjs`, import.meta.url))
  const { status } = spawnSync(process.execPath, [script], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

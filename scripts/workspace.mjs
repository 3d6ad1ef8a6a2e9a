// Runs the workspace from a bare clone: only Node and npm are assumed. pnpm is fetched through npx
// at the version that package.json names, so nobody installs anything by hand.
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
const assay = 'apps/cli/dist/main.js'
const environment = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' }

/** Runs a command from the root and ends this process with its exit code if it fails. */
function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...environment, ...env },
    shell: process.platform === 'win32',
  })
  if (error) console.error(`${command}: ${error.message}`)
  if (status !== 0) process.exit(status ?? 1)
}

const pnpm = (...args) => run('npx', ['--yes', packageManager, ...args])
const turbo = (task) => pnpm('exec', 'turbo', 'run', task, '--output-logs=errors-only')
const setup = () =>
  pnpm('install', '--frozen-lockfile', '--reporter=append-only', '--loglevel=warn')

function build() {
  setup()
  turbo('build')
}

/** Some pictures to look at, drawn by the built-in generator. */
function drawPictures() {
  const out = 'assay-report/pictures'
  // A generator of another version would refuse to go on with them.
  rmSync(`${root}${out}`, { recursive: true, force: true })
  const prompts = ['--prompts', 'examples/demo/prompts.txt', '--n', '2']
  run('node', [assay, 'generate', ...prompts, '--out', out, '--contact-sheet'])
}

const tasks = {
  setup,
  build,
  demo() {
    build()
    drawPictures()
    run('node', [assay, 'audit', 'examples/demo/assay.config.ts', ...rest])
  },
  test() {
    build()
    pnpm('exec', 'vitest', 'run', ...rest)
  },
  'test:long'() {
    build()
    run('npx', ['--yes', packageManager, 'exec', 'vitest', 'run', ...rest], { ASSAY_LONG: '1' })
  },
  typecheck() {
    build()
    turbo('typecheck')
  },
  lint() {
    build() // The floors are checked along resolved imports, which lead to built packages.
    pnpm('exec', 'biome', 'check', '.')
    pnpm('exec', 'depcruise', '{packages,apps}/*/src', '--config', 'scripts/lint/floors.cjs')
    pnpm('exec', 'knip')
  },
  'check:packages'() {
    build()
    run('node', ['scripts/check-packages.mjs', ...rest])
  },
  bench() {
    build()
    pnpm('--filter', '@assay/bench', 'run', 'bench', ...rest)
  },
}

const [name, ...rest] = process.argv.slice(2)
const task = tasks[name]
if (!task) {
  console.error(`Unknown task ${name}; one of: ${Object.keys(tasks).join(', ')}`)
  process.exit(2)
}
task()

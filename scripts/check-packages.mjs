// What a user would install: every package is packed, judged by publint and attw, installed from its
// tarball alone into an empty folder, and its README example must print what the README says.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const scratch = mkdtempSync(join(tmpdir(), 'assay-packages-'))
const environment = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' }

function run(command, args, cwd) {
  return execFileSync(command, args, { cwd, encoding: 'utf8', env: environment })
}

/** Runs pnpm through npx, so that it need not be installed. */
const pnpm = (args, cwd) => run('npx', ['--yes', packageManager, ...args], cwd)

function packages() {
  const folders = ['packages', 'apps', 'models'].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(root, group, name)),
  )
  return folders.flatMap((folder) => {
    try {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      return manifest.private ? [] : [{ folder, name: manifest.name, manifest }]
    } catch {
      return [] // Not a package.
    }
  })
}

function pack({ folder, name }) {
  const output = pnpm(['pack', '--pack-destination', scratch], folder)
  const line = output
    .trim()
    .split('\n')
    .findLast((text) => text.trim().endsWith('.tgz'))
  console.log(`packed ${name}`)
  return join(scratch, basename(line.trim()))
}

function judge(name, tarball) {
  const bin = (tool) => join(root, 'node_modules', '.bin', tool)
  run(bin('publint'), ['run', tarball, '--strict'], root)
  run(bin('attw'), [tarball, '--profile', 'esm-only'], root)
  console.log(`publint and attw are content with ${name}`)
}

/** First ```js block of a README and the block that follows it: what it prints. */
function readmeExample(folder) {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8')
  const match = /```js\n([\s\S]*?)```[\s\S]*?```(?:text)?\n([\s\S]*?)```/.exec(readme)
  if (!match) throw new Error(`${folder}/README.md has no js example followed by what it prints`)
  return { code: match[1], expected: match[2].trim() }
}

/** The package itself and those of Assay that its README example imports. */
function wanted({ name, manifest, folder }) {
  if (manifest.bin) return [name]
  const imports = readmeExample(folder).code.matchAll(/from '(@assay\/[\w-]+)/g)
  return [...new Set([name, ...[...imports].map(([, imported]) => imported)])]
}

function installAlone(entry, tarballs) {
  const folder = join(scratch, entry.name.replace('/', '-'))
  mkdirSync(folder)
  const files = Object.fromEntries(
    Object.entries(tarballs).map(([key, path]) => [key, `file:${path}`]),
  )
  const manifest = {
    name: 'consumer',
    private: true,
    type: 'module',
    dependencies: Object.fromEntries(wanted(entry).map((name) => [name, files[name]])),
    pnpm: {
      overrides: files,
      ignoredBuiltDependencies: ['onnxruntime-node', 'sharp', 'protobufjs'],
    },
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  pnpm(['install', '--ignore-workspace', '--prefer-offline', '--reporter=silent'], folder)
  return folder
}

function runExample({ name, folder }, consumer) {
  const { code, expected } = readmeExample(folder)
  writeFileSync(join(consumer, 'example.mjs'), code)
  const printed = run('node', ['example.mjs'], consumer).trim()
  if (printed !== expected) {
    throw new Error(
      `README example of ${name} printed\n${printed}\nbut the README says\n${expected}`,
    )
  }
  console.log(`README example of ${name} prints what it says`)
}

const all = packages()
const tarballs = Object.fromEntries(all.map((entry) => [entry.name, pack(entry)]))
for (const entry of all) {
  judge(entry.name, tarballs[entry.name])
  const consumer = installAlone(entry, tarballs)
  if (entry.manifest.bin) {
    const command = join(consumer, 'node_modules', '.bin', Object.keys(entry.manifest.bin)[0])
    run(command, ['--help'], consumer)
    run(command, ['doctor'], consumer)
    console.log(`${entry.name} answers --help and finds nothing wrong with itself`)
  } else {
    runExample(entry, consumer)
  }
}
rmSync(scratch, { recursive: true })

import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'assay-example-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('the example of a fitted head prints what the documentation says', async () => {
  // As in a project that has installed both packages.
  mkdirSync(join(folder, 'node_modules/@assay'), { recursive: true })
  for (const name of ['core', 'tensor']) {
    symlinkSync(join(root, 'packages', name), join(folder, 'node_modules/@assay', name), 'junction')
  }
  const script = join(folder, 'example.mjs')
  const entryPoints = [join(root, 'examples/fit-a-head.ts')]
  await build({ entryPoints, outfile: script, format: 'esm', logLevel: 'silent' })
  const { stdout } = await promisify(execFile)(process.execPath, [script])
  expect(stdout).not.toBe('')
  const page = readFileSync(join(root, 'docs/fit-a-head.md'), 'utf8')
  expect(page).toContain(`\`\`\`text\n${stdout}\`\`\``)
})

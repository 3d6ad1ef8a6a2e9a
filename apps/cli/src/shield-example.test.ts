import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import ts from 'typescript'
import { afterAll, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'assay-shield-example-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('the example shield-pictures prints what the documentation says', async () => {
  // As in a project that has installed the packages.
  const scope = join(folder, 'node_modules/@assay')
  mkdirSync(scope, { recursive: true })
  for (const name of ['core', 'diffusion', 'embed', 'repellency']) {
    symlinkSync(join(root, 'packages', name), join(scope, name), 'junction')
  }
  symlinkSync(join(root, 'models/tiny-world'), join(scope, 'tiny-world'), 'junction')
  const source = readFileSync(join(root, 'examples/shield-pictures.ts'), 'utf8')
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 }
  const script = join(folder, 'shield-pictures.mjs')
  writeFileSync(script, ts.transpileModule(source, { compilerOptions }).outputText)
  const { stdout } = await promisify(execFile)(process.execPath, [script], { cwd: folder })
  expect(stdout).toContain('INSIDE')
  const page = readFileSync(join(root, 'docs/shields.md'), 'utf8')
  expect(page).toContain(`\`\`\`text\n${stdout}\`\`\``)
})

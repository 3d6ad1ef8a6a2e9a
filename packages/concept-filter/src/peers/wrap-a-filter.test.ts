import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import ts from 'typescript'
import { afterAll, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'assay-example-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('the example of a wrapped filter prints what the documentation says', async () => {
  // As in a project that has installed both packages.
  mkdirSync(join(folder, 'node_modules/@assay'), { recursive: true })
  for (const name of ['core', 'concept-filter']) {
    symlinkSync(join(root, 'packages', name), join(folder, 'node_modules/@assay', name), 'junction')
  }
  const source = readFileSync(join(root, 'examples/wrap-a-filter.ts'), 'utf8')
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 }
  const script = join(folder, 'example.mjs')
  writeFileSync(script, ts.transpileModule(source, { compilerOptions }).outputText)
  const { stdout } = await promisify(execFile)(process.execPath, [script])
  expect(stdout).not.toBe('')
  const page = readFileSync(join(root, 'docs/wrap-a-filter.md'), 'utf8')
  expect(page).toContain(`\`\`\`text\n${stdout}\`\`\``)
})

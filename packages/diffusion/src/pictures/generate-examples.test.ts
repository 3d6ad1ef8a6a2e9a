import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import ts from 'typescript'
import { afterAll, beforeAll, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'assay-examples-'))
afterAll(() => rmSync(folder, { recursive: true }))

// As in a project that has installed the packages.
beforeAll(() => {
  const scope = join(folder, 'node_modules/@assay')
  mkdirSync(scope, { recursive: true })
  for (const path of ['packages/core', 'packages/diffusion', 'models/tiny-world']) {
    symlinkSync(join(root, path), join(scope, path.replace(/^.*\//, '')), 'junction')
  }
})

/** What an example prints. */
async function printed(name: string): Promise<string> {
  const source = readFileSync(join(root, 'examples', `${name}.ts`), 'utf8')
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 }
  const script = join(folder, `${name}.mjs`)
  writeFileSync(script, ts.transpileModule(source, { compilerOptions }).outputText)
  const { stdout } = await promisify(execFile)(process.execPath, [script], { cwd: folder })
  return stdout
}

it.each(['generate-pictures', 'generate-with-hook'])(
  'the example %s prints what the documentation says',
  async (name) => {
    const stdout = await printed(name)
    expect(stdout).not.toBe('')
    const page = readFileSync(join(root, 'docs/generators.md'), 'utf8')
    expect(page).toContain(`\`\`\`text\n${stdout}\`\`\``)
  },
)

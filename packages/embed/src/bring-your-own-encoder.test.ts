import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import ts from 'typescript'
import { afterAll, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'assay-example-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What an example prints in a project that has installed some packages. */
async function outputOf(example: string, packages: readonly string[]): Promise<string> {
  mkdirSync(join(folder, 'node_modules/@assay'), { recursive: true })
  for (const name of packages) {
    symlinkSync(join(root, 'packages', name), join(folder, 'node_modules/@assay', name), 'junction')
  }
  const source = readFileSync(join(root, 'examples', example), 'utf8')
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 }
  const { outputText } = ts.transpileModule(source, { compilerOptions })
  const script = join(folder, 'example.mjs')
  writeFileSync(script, outputText)
  return (await promisify(execFile)(process.execPath, [script])).stdout
}

it('the example of an own encoder prints what the documentation says', async () => {
  const printed = await outputOf('bring-your-own-encoder.ts', ['core', 'embed', 'tensor'])
  expect(printed).not.toBe('')
  const page = readFileSync(join(root, 'docs/bring-your-own-encoder.md'), 'utf8')
  expect(page).toContain(`\`\`\`text\n${printed}\`\`\``)
})

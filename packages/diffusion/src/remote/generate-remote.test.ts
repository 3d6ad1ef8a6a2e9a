import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import ts from 'typescript'
import { afterAll, beforeAll, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'assay-example-'))
afterAll(() => rmSync(folder, { recursive: true }))

// As in a project that has installed both packages.
const script = join(folder, 'example.mjs')
beforeAll(() => {
  mkdirSync(join(folder, 'node_modules/@assay'), { recursive: true })
  for (const name of ['core', 'diffusion']) {
    symlinkSync(join(root, 'packages', name), join(folder, 'node_modules/@assay', name), 'junction')
  }
  const source = readFileSync(join(root, 'examples/generate-remote.ts'), 'utf8')
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 }
  writeFileSync(script, ts.transpileModule(source, { compilerOptions }).outputText)
})

/** Runs the example without any key. */
function run(...words: string[]) {
  const env = { ...process.env, OPENAI_API_KEY: '', HF_TOKEN: '' }
  return promisify(execFile)(process.execPath, [script, ...words], { env, cwd: folder })
}

it('the example of a remote generator prints what the README says', async () => {
  const { stdout } = await run()
  expect(stdout).not.toBe('')
  const readme = readFileSync(join(root, 'packages/diffusion/README.md'), 'utf8')
  expect(readme).toContain(`\`\`\`text\n${stdout}\`\`\``)
})

it('the example says what is missing where a service is named without its key', async () => {
  const words = await Promise.all(
    ['openai', 'huggingface', 'nobody'].map((word) => run(word).catch((error: unknown) => error)),
  )
  const told = { code: 2, stdout: '', stderr: expect.stringContaining('set its key') }
  expect(words).toMatchObject([told, told, told])
})

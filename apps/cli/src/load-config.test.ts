import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from './load-config.js'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-config-'))
})

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

describe('loadConfig', () => {
  it.each([
    ['typescript.ts', `const outputs: string = 'here'\nexport default { outputs } as const`],
    ['javascript.mjs', `export default { outputs: 'here' }`],
    [
      'with-define-config.ts',
      `import { defineConfig } from '@assay/audit'\nexport default defineConfig({ outputs: 'here' })`,
    ],
    ['json.json', `{ "outputs": "here" }`],
  ])('reads %s', async (name, text) => {
    const path = await file(name, text)
    expect(await loadConfig(path)).toEqual({ config: { outputs: 'here' }, folder })
  })

  it('says which file is missing', async () => {
    await expect(loadConfig(join(folder, 'none.json'))).rejects.toMatchObject({
      code: 'CONFIG_MISSING',
      value: join(folder, 'none.json'),
    })
  })

  it.each([
    ['broken.json', '{ "outputs": '],
    ['broken.ts', 'export default {'],
    ['throws.mjs', `throw new Error('no')`],
  ])('says that %s cannot be loaded', async (name, text) => {
    await expect(loadConfig(await file(name, text))).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      location: { file: join(folder, name) },
    })
  })
})

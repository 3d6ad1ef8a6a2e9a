import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tinyClip } from '@assay/tiny-world'

/** The built-in model as somebody else would publish it on a hub: its files, by path. */
export async function publishedFiles(): Promise<Record<string, Buffer>> {
  const files: Record<string, Buffer> = {}
  for (const { path } of (await builtInCard()).files) {
    files[path] = await readFile(join(tinyClip, path))
  }
  return files
}

/** Writes a card of that model which tells neither sizes nor hashes; returns its folder. */
export async function writeOpenCard(folder: string, id: string): Promise<string> {
  const card = await builtInCard()
  const files = card.files.map(({ path }) => ({ path, bytes: null, sha256: null, reason: 'a test' }))
  const repository = { hub: 'huggingface', id: 'owner/name', revision: 'main' }
  await mkdir(folder, { recursive: true })
  const text = JSON.stringify({ ...card, id, files, repository })
  await writeFile(join(folder, 'card.json'), text)
  return folder
}

async function builtInCard(): Promise<{ readonly files: readonly { readonly path: string }[] }> {
  return JSON.parse(await readFile(join(tinyClip, 'card.json'), 'utf8'))
}

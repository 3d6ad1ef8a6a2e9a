import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { demo } from '@assay/tiny-world'

/** A new empty folder. */
export const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'assay-cli-'))

/** Copies the first pictures of a demo set, with their metadata. */
export async function copyDemoSet(
  name: keyof typeof demo,
  { to, count }: { readonly to: string; readonly count: number },
): Promise<void> {
  const lines = (await readFile(join(demo[name], 'metadata.jsonl'), 'utf8')).split('\n')
  const kept = lines.slice(0, count)
  await mkdir(to, { recursive: true })
  for (const line of kept) {
    const { file_name: file } = JSON.parse(line) as { file_name: string }
    await cp(join(demo[name], file), join(to, file))
  }
  await writeFile(join(to, 'metadata.jsonl'), `${kept.join('\n')}\n`)
}

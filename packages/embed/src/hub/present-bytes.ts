import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { incompleteName } from './transfer/download-file.js'

/** How much of a file is in a model's folder: all of it by its size, a part, or nothing. */
export async function presentBytes(
  folder: string,
  { path, bytes }: { readonly path: string; readonly bytes: number },
): Promise<number> {
  const target = join(folder, path)
  if ((await sizeOf(target)) === bytes) return bytes
  const part = await sizeOf(incompleteName(target))
  return part <= bytes ? part : 0
}

const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    (found) => (found.isFile() ? found.size : 0),
    () => 0,
  )

import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { mapInOrder } from '@assay/core/iteration'
import { identifyImage } from '../decode/identify-image.js'
import { isPictureName } from './picture-names.js'

/** Enough for the first box of an AVIF, which names brands. */
const headBytes = 256

/** Files whose beginning is read side by side. */
const filesAtOnce = 16

/**
 * Paths of the pictures in a folder and its subfolders, relative, with forward slashes, sorted by code
 * unit. A picture is what begins as one, whatever it is called, and what is called as one. Hidden
 * files and folders are passed over, and so are links to folders.
 */
export async function findPictureFiles(folder: string): Promise<readonly string[]> {
  const names: string[] = []
  for await (const name of files(folder, '')) names.push(name)
  const found: string[] = []
  const checked = mapInOrder(names.sort(), filesAtOnce, async (name) => ({
    name,
    isPicture: isPictureName(name) || (await beginsAsPicture(join(folder, name))),
  }))
  for await (const { name, isPicture } of checked) if (isPicture) found.push(name)
  return found
}

async function* files(folder: string, prefix: string): AsyncGenerator<string> {
  for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue
    if (entry.isDirectory()) yield* files(folder, `${prefix}${entry.name}/`)
    else if (entry.isFile() || entry.isSymbolicLink()) yield prefix + entry.name
  }
}

async function beginsAsPicture(path: string): Promise<boolean> {
  // What cannot be read and is not called a picture is not missed.
  const file = await open(path, 'r').catch(() => null)
  if (file === null) return false
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    return identifyImage(buffer.subarray(0, bytesRead)) !== null
  } catch {
    return false
  } finally {
    await file.close()
  }
}

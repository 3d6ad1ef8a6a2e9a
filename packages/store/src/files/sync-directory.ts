import { open } from 'node:fs/promises'

/** Makes the names in a folder durable, so that a renamed file survives a power loss. */
export async function syncDirectory(path: string): Promise<void> {
  // Windows opens no folders and keeps names by itself.
  if (process.platform === 'win32') return
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

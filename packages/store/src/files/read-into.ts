import type { FileHandle } from 'node:fs/promises'

// One read call takes at most 2 GiB; smaller pieces also keep the thread pool free for others.
const pieceBytes = 64 * 2 ** 20

/**
 * Fills `target` from `position` of the file and returns how many bytes were there: fewer than asked
 * for only where the file ends before.
 */
export async function readInto(
  file: FileHandle,
  target: Uint8Array,
  position: number,
): Promise<number> {
  let done = 0
  while (done < target.length) {
    const length = Math.min(pieceBytes, target.length - done)
    const { bytesRead } = await file.read(target, done, length, position + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return done
}

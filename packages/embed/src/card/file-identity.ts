import type { FileHandle } from 'node:fs/promises'

/** What changes when a file is written to, replaced or renamed. */
export interface FileIdentity {
  readonly dev: bigint
  readonly ino: bigint
  readonly size: bigint
  readonly mtimeNs: bigint
  /** No call of the system sets it, so a writer cannot put it back. */
  readonly ctimeNs: bigint
}

/** The identity of an open file. */
export async function fileIdentity(handle: FileHandle): Promise<FileIdentity> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await handle.stat({ bigint: true })
  return { dev, ino, size, mtimeNs, ctimeNs }
}

/** Whether nothing happened to a file between two looks at it. */
export const sameIdentity = (one: FileIdentity, other: FileIdentity): boolean =>
  (Object.keys(one) as (keyof FileIdentity)[]).every((key) => one[key] === other[key])

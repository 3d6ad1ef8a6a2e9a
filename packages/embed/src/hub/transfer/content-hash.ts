import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** What a file is known by. */
export interface ContentId {
  readonly sha256: string
  /** SHA-1 that git gives the content, or null where it is not wanted. */
  readonly gitBlob: string | null
}

/** Hashes content piece by piece. */
export interface ContentHash {
  update(piece: Uint8Array): void
  /** The hash of what came so far; more may follow. */
  digest(): ContentId
}

/**
 * SHA-256 of content and, where its length is told, the id that git gives it: the SHA-1 of
 * `blob <length>`, a zero byte and the content.
 *
 * @param gitBlobBytes length of the whole content, or null: no id of git
 */
export function contentHash(gitBlobBytes: number | null): ContentHash {
  const sha256 = createHash('sha256')
  const blob = gitBlobBytes === null ? null : createHash('sha1').update(`blob ${gitBlobBytes}\0`)
  return {
    update(piece) {
      sha256.update(piece)
      blob?.update(piece)
    },
    digest: () => ({
      sha256: sha256.copy().digest('hex'),
      gitBlob: blob?.copy().digest('hex') ?? null,
    }),
  }
}

/** Feeds a file into a hash, read in pieces. */
export async function hashInto(hash: ContentHash, file: string): Promise<void> {
  for await (const piece of createReadStream(file, { highWaterMark: 2 ** 20 })) hash.update(piece)
}

/** What is known of a file's content before it is there; null where nobody tells. */
export interface ExpectedContent {
  readonly bytes: number
  readonly sha256: string | null
  readonly gitBlob: string | null
}

/** Length to hash with for an id of git, where one is expected. */
export const gitBlobBytes = ({ bytes, gitBlob }: ExpectedContent): number | null =>
  gitBlob === null ? null : bytes

/** How content differs from what was expected, in words; null where it does not. */
export function contentDifference(found: ContentId, expected: ExpectedContent): string | null {
  if (expected.sha256 !== null && found.sha256 !== expected.sha256) {
    return `has the SHA-256 ${found.sha256} where ${expected.sha256} is expected`
  }
  if (expected.gitBlob !== null && found.gitBlob !== expected.gitBlob) {
    return `has the git id ${found.gitBlob} where the hub lists ${expected.gitBlob}`
  }
  return null
}

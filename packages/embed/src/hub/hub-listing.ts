import { z } from 'zod'
import { type Access, hubUrl } from './hub-options.js'
import { getJson } from './network/get-json.js'
import { networkError } from './network/network-error.js'
import { retrying } from './network/retrying.js'
import type { ExpectedContent } from './transfer/content-hash.js'

const commitId = z.string().regex(/^[0-9a-f]{40}$/)
const length = z.int().nonnegative()

const revisionSchema = z.object({ sha: commitId })

/** An entry of the tree; of a large file, `lfs.oid` is the SHA-256 of its content. */
const entrySchema = z.object({
  type: z.string(),
  path: z.string(),
  size: length.default(0),
  oid: z.string().default(''),
  lfs: z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: length }).nullish(),
})

/** A listing that goes on for longer is no model's. */
const MOST_PAGES = 50

/**
 * The commit that a branch or tag stands for at this moment.
 *
 * @throws AssayError `MODEL_FILE_MISSING` where there is no such repository or revision,
 *   `ACCESS_DENIED`, `NETWORK_FAILED`, `URL_REFUSED`, `ABORTED`
 */
export async function resolveCommit(id: string, revision: string, access: Access): Promise<string> {
  if (commitId.safeParse(revision).success) return revision
  const path = ['api', 'models', ...id.split('/'), 'revision', revision]
  const url = hubUrl(access.rules.hub, ...path)
  const { value } = await retrying(() => getJson(url, revisionSchema, access), access)
  return value.sha
}

/**
 * Files of a repository at a commit, by path. The hub lists SHA-256 for files in its large file store
 * and the id of git for the others.
 *
 * @throws AssayError as {@link resolveCommit}
 */
export async function listRepository(
  id: string,
  commit: string,
  access: Access,
): Promise<ReadonlyMap<string, ExpectedContent>> {
  const { hub } = access.rules
  const url = hubUrl(hub, 'api', 'models', ...id.split('/'), 'tree', commit)
  url.searchParams.set('recursive', 'true')
  const files = new Map<string, ExpectedContent>()
  for (let page = 0; page < MOST_PAGES; page++) {
    const { value, headers } = await retrying(
      () => getJson(url, z.array(entrySchema), access),
      access,
    )
    for (const { type, path, size, oid, lfs } of value) {
      if (type !== 'file') continue
      const gitBlob = !lfs && commitId.safeParse(oid).success ? oid : null
      files.set(path, { bytes: lfs?.size ?? size, sha256: lfs?.oid ?? null, gitBlob })
    }
    const cursor = nextCursor(headers['link'], url)
    if (cursor === null) return files
    url.searchParams.set('cursor', cursor)
  }
  throw networkError({ message: `The list of files of ${id} does not end.`, url })
}

/**
 * The cursor of the next page. Only that is taken from the header, since a mirror may pass on the
 * header of the hub that it mirrors, whose address is another one.
 */
function nextCursor(link: string | string[] | undefined, base: URL): string | null {
  const next = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec([link ?? ''].flat().join(','))?.[1]
  if (next === undefined || !URL.canParse(next, base.href)) return null
  return new URL(next, base).searchParams.get('cursor')
}

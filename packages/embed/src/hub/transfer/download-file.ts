import { rm } from 'node:fs/promises'
import { AssayError } from '@assay/core'
import type { HubAccess } from '../network/get-from-hub.js'
import { type RetryRules, retrying } from '../network/retrying.js'
import { type ContentId, contentDifference, type ExpectedContent } from './content-hash.js'
import { PartialFile } from './partial-file.js'
import { receivePart } from './receive-part.js'
import { writing } from './store-error.js'

/** A file to be fetched. */
export interface Download extends ExpectedContent {
  readonly url: URL
  /** Where the file belongs; its folder exists. */
  readonly target: string
  /** Told, piece by piece, of how many bytes are there; fewer than before where it starts anew. */
  readonly onBytes: (present: number) => void
}

/** Share of a file that an attempt must bring to count as a step forward, so that attempts end. */
const LEAST_ADVANCE = 0.01

/** Name of what has arrived so far. */
export const incompleteName = (target: string): string => `${target}.incomplete`

/**
 * Fetches a file into `target`. What has arrived lies beside it as `.incomplete`, survives a kill, and
 * is gone on with; the file gets its name when its length and hash are right.
 *
 * @throws AssayError `MODEL_HASH_MISMATCH`, and nothing is kept; `NETWORK_FAILED`, `MODEL_FILE_MISSING`,
 *   `ACCESS_DENIED`, `URL_REFUSED`, `FILE_WRITE_FAILED`, `ABORTED`, and what has arrived is kept
 */
export async function downloadFile(
  download: Download,
  access: HubAccess & RetryRules,
): Promise<ContentId> {
  const incomplete = incompleteName(download.target)
  const part = await PartialFile.open(incomplete, download)
  try {
    const resumed = part.bytes > 0
    await fetchRest(part, download, access)
    if (resumed && contentDifference(part.digest(), download) !== null) {
      // The part may have been of another version, or damaged: once more, from the beginning.
      await part.clear()
      await fetchRest(part, download, access)
    }
    const found = part.digest()
    const difference = contentDifference(found, download)
    if (difference !== null) {
      await writing(incomplete, () => rm(incomplete, { force: true }))
      throw mismatch(download.target, difference)
    }
    await part.keepAs(download.target)
    return found
  } finally {
    await part.close()
  }
}

async function fetchRest(
  part: PartialFile,
  download: Download,
  access: HubAccess & RetryRules,
): Promise<void> {
  const { url, bytes, onBytes } = download
  onBytes(part.bytes)
  if (part.bytes === bytes) return
  let before = 0
  const attempt = () => {
    before = part.bytes
    return receivePart({ url, bytes, part, onBytes }, access)
  }
  await retrying(attempt, access, () => part.bytes - before >= Math.max(1, bytes * LEAST_ADVANCE))
}

const mismatch = (file: string, difference: string) =>
  new AssayError({
    code: 'MODEL_HASH_MISMATCH',
    message: `What the hub sent for ${file} ${difference}. It was deleted.`,
    value: file,
    remedy: 'Try again later or from another network; do not use this hub if it comes again.',
    location: { file },
  })

import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AssayError } from '@assay/core'
import { type Access, hubUrl } from './hub-options.js'
import type { PlannedFile, PullPlan } from './pull-plan.js'
import {
  type ContentId,
  contentDifference,
  contentHash,
  gitBlobBytes,
  hashInto,
} from './transfer/content-hash.js'
import { downloadFile } from './transfer/download-file.js'
import { writing } from './transfer/store-error.js'

/** A file that is here and is what it should be. */
export interface FetchedFile {
  /** Path in the model's folder. */
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  /** Whether it was fetched, and not here before. */
  readonly fetched: boolean
}

/**
 * Sees to it that a file of a plan is here: one that is here and right is left alone, any other is
 * fetched.
 *
 * @throws AssayError `MODEL_HASH_MISMATCH` where a wrong file may not be fetched again; as
 *   {@link downloadFile}
 */
export async function fetchFile(task: {
  readonly file: PlannedFile
  readonly plan: PullPlan
  /** Null: nothing may be fetched. */
  readonly access: Access | null
  readonly onBytes: (present: number) => void
}): Promise<FetchedFile> {
  const { file, plan, access, onBytes } = task
  const { path, bytes } = file
  const target = join(plan.folder, path)
  const there = await contentThere(target, file)
  const difference = there && contentDifference(there, file)
  if (there && difference === null) return { path, bytes, sha256: there.sha256, fetched: false }
  if (access === null || plan.source === null) throw wrongHere(target, difference ?? 'is missing')
  const { repository, commit, folder } = plan.source
  const inRepository = [...(folder?.split('/') ?? []), ...path.split('/')]
  const url = hubUrl(access.rules.hub, ...repository.split('/'), 'resolve', commit, ...inRepository)
  const { sha256 } = await downloadFile({ ...file, url, target, onBytes }, access)
  return { path, bytes, sha256, fetched: true }
}

/** What a file that has the right size holds; null where there is none. */
async function contentThere(target: string, file: PlannedFile): Promise<ContentId | null> {
  const found = await stat(target).catch(() => null)
  if (!found?.isFile() || found.size !== file.bytes) return null
  const hash = contentHash(gitBlobBytes(file))
  await writing(target, () => hashInto(hash, target))
  return hash.digest()
}

const wrongHere = (file: string, difference: string) =>
  new AssayError({
    code: 'MODEL_HASH_MISMATCH',
    message: `${file} ${difference}.`,
    value: file,
    remedy: 'Pull the model while the network may be used.',
    location: { file },
  })

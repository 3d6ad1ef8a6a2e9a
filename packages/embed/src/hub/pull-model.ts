import { mkdir, readFile, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AssayError, type Progress } from '@assay/core'
import { acquireLock, writeFileAtomic } from '@assay/store'
import { cardFile, loadModelCard } from '../card/load-model-card.js'
import { type FetchedFile, fetchFile } from './fetch-file.js'
import { type HubOptions, hubAccess } from './hub-options.js'
import { modelLockPath } from './model-folder.js'
import type { LockedModel } from './pins/model-lock.js'
import { changeModelLock, pinsOf, readModelLock } from './pins/model-lock-file.js'
import { presentBytes } from './present-bytes.js'
import { type PullPlan, type PullSource, unpinnedFiles } from './pull-plan.js'
import { writing } from './transfer/store-error.js'

/** Consent to a plan, and how it is carried out. */
export interface PullModelOptions extends Omit<HubOptions, 'hub'> {
  /** Whether the user accepts the licence of the weights. Needed where anything is to be fetched. */
  readonly acceptLicence: boolean
  /**
   * Whether the user agrees that what the hub serves now is pinned, for files whose hash nobody has
   * told. Needed where there are any. Default: false.
   */
  readonly confirmUnpinned?: boolean
  /** Seconds to wait for another process that pulls the same model. Default: 0, and it is named. */
  readonly wait?: number
  /** Told of the bytes that are here. */
  readonly progress?: Progress
}

/** A model that is here, every file verified. */
export interface PulledModel {
  readonly id: string
  readonly folder: string
  readonly files: readonly FetchedFile[]
}

/**
 * Carries out a plan: fetches what is missing, verifies everything, pins what nobody had pinned, and
 * puts the card beside the files, which makes the model one that can be named by its id. Interrupted or
 * killed, the same call goes on where it stopped; of several processes one fetches and the others find
 * the files there.
 *
 * @throws AssayError `LICENCE_NOT_ACCEPTED`, `MODEL_NOT_PINNED` without consent, before anything is
 *   written; `LOCKED` with the pid of another process; `MODEL_HASH_MISMATCH` where the bytes are not what
 *   was expected, which are then deleted; `FILE_WRITE_FAILED`, `NETWORK_FAILED`, `URL_REFUSED`,
 *   `ACCESS_DENIED`, `MODEL_FILE_MISSING`, `ABORTED`
 */
export async function pullModel(plan: PullPlan, options: PullModelOptions): Promise<PulledModel> {
  assertConsent(plan, options)
  const { card, modelsFolder, folder, source } = plan
  const { wait = 0, signal } = options
  const access = source && hubAccess({ ...options, hub: source.hub })
  await writing(modelsFolder, () => mkdir(modelsFolder, { recursive: true }))
  const lockPath = modelLockPath(modelsFolder, card.id)
  const lock = await acquireLock(lockPath, { wait, ...(signal && { signal }) })
  try {
    await writing(folder, () => mkdir(folder, { recursive: true }))
    await assertOwnFolder(plan)
    await assertPinsAgree(plan)
    await assertRoom(plan)
    const files = await fetchFiles(plan, access, options)
    if (source !== null) await pin(plan, source, files)
    await keepCard(plan)
    return { id: card.id, folder, files }
  } finally {
    lock.release()
  }
}

async function fetchFiles(
  plan: PullPlan,
  access: ReturnType<typeof hubAccess> | null,
  { progress = () => {} }: PullModelOptions,
): Promise<FetchedFile[]> {
  const files: FetchedFile[] = []
  const task = `pull ${plan.card.id}`
  let before = 0
  for (const file of plan.files) {
    await writing(plan.folder, () =>
      mkdir(dirname(join(plan.folder, file.path)), { recursive: true }),
    )
    const onBytes = (present: number) =>
      progress({ task, done: before + present, total: plan.bytes })
    files.push(await fetchFile({ file, plan, access, onBytes }))
    before += file.bytes
    onBytes(0)
  }
  return files
}

function assertConsent(plan: PullPlan, options: PullModelOptions): void {
  const { id, licence } = plan.card
  const unpinned = unpinnedFiles(plan)
  if (!options.acceptLicence && plan.missingBytes > 0) {
    throw new AssayError({
      code: 'LICENCE_NOT_ACCEPTED',
      message: `The licence of ${id}, ${licence}, was not accepted.`,
      value: licence,
      remedy: 'Read it, and accept it if you agree (--accept-licence on the command line).',
    })
  }
  if (options.confirmUnpinned === true || unpinned.length === 0) return
  throw new AssayError({
    code: 'MODEL_NOT_PINNED',
    message: `Nobody has told the hash of ${unpinned.join(', ')} of ${id}.`,
    value: unpinned,
    remedy: 'Agree to pin what the hub serves now, if you trust it (--yes on the command line).',
  })
}

/** Two ids can make one folder name, and some systems do not tell case apart. */
async function assertOwnFolder({ card, folder }: PullPlan): Promise<void> {
  const there = await loadModelCard(folder).catch(() => null)
  if (there === null || there.id === card.id) return
  throw new AssayError({
    code: 'DUPLICATE_ID',
    message: `${folder} belongs to the model ${there.id}, not to ${card.id}.`,
    value: card.id,
    remedy: `Remove ${there.id} first, or use another folder of models.`,
  })
}

async function assertRoom({ card, files, folder }: PullPlan): Promise<void> {
  let missing = 0
  for (const file of files) missing += file.bytes - (await presentBytes(folder, file))
  const { bavail, bsize, blocks } = await writing(folder, () => statfs(folder))
  // Some network file systems do not say how large they are.
  if (blocks === 0 || missing <= bavail * bsize) return
  throw new AssayError({
    code: 'FILE_WRITE_FAILED',
    message: `${card.id} needs ${missing} more bytes, and ${bavail * bsize} are free for ${folder}.`,
    value: missing,
    remedy: 'Free space on the disk, or use another folder of models (ASSAY_MODELS).',
    location: { file: folder },
  })
}

async function pin(
  plan: PullPlan,
  source: PullSource,
  files: readonly FetchedFile[],
): Promise<void> {
  const unpinned = new Set(unpinnedFiles(plan))
  if (unpinned.size === 0) return
  const { repository, revision, commit } = source
  await changeModelLock(plan.modelsFolder, plan.card.id, (now): LockedModel => {
    const pins = { ...now?.files }
    for (const { path, bytes, sha256 } of files) {
      if (unpinned.has(path)) pins[path] = { bytes, sha256 }
    }
    return { repository, revision, commit, pinned: new Date().toISOString(), files: pins }
  })
}

/** Another process may have pinned other contents since the plan was made. */
async function assertPinsAgree(plan: PullPlan): Promise<void> {
  const pins = pinsOf(await readModelLock(plan.modelsFolder), plan.card.id)
  for (const { path, bytes, sha256 } of plan.files) {
    const pin = pins.get(path)
    if (pin === undefined || (pin.bytes === bytes && pin.sha256 === (sha256 ?? pin.sha256)))
      continue
    throw pinnedMeanwhile(plan, path)
  }
}

const pinnedMeanwhile = ({ card }: PullPlan, path: string) =>
  new AssayError({
    code: 'MODEL_HASH_MISMATCH',
    message: `Another process has meanwhile pinned another ${path} of ${card.id}.`,
    value: path,
    remedy: 'Pull the model again.',
  })

async function keepCard({ card, folder }: PullPlan): Promise<void> {
  const file = join(folder, cardFile)
  const text = `${JSON.stringify(card, null, 2)}\n`
  const there = await readFile(file, 'utf8').catch(() => null)
  if (there !== text) await writeFileAtomic(file, text)
}

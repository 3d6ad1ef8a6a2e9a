import { AssayError } from '@assay/core'
import type { ModelCard } from '../card/model-card.js'
import { expectedFile, type ModelPins } from '../card/model-pins.js'
import { listRepository, resolveCommit } from './hub-listing.js'
import { type Access, type HubOptions, hubAccess } from './hub-options.js'
import { assertStorable, modelFolder } from './model-folder.js'
import type { LockedModel } from './pins/model-lock.js'
import { lockedModel, pinsOf, readModelLock } from './pins/model-lock-file.js'
import { presentBytes } from './present-bytes.js'
import type { PlannedFile, PullPlan, PullSource } from './pull-plan.js'
import type { ExpectedContent } from './transfer/content-hash.js'

/** What is to be pulled, and where to. */
export interface PlanPullOptions extends HubOptions {
  readonly card: ModelCard
  /** Folder that holds a folder for each model, and the lock file. */
  readonly modelsFolder: string
  /** Whether the network must not be used; everything must then be here. Default: false. */
  readonly offline?: boolean
}

/**
 * Finds out what pulling a model would do, and writes nothing: which files, how large they are, what of
 * them is here. Sizes and hashes come from the hub's list of the commit, and must be those of the card
 * and of earlier pulls. A model that was pulled before is taken at the commit of that pull.
 *
 * @throws AssayError `MODEL_UNKNOWN` where the card names no repository; `MODEL_HASH_MISMATCH` where the
 *   hub lists another size or hash than the card or a pin; `MODEL_FILE_MISSING` where the hub lacks a
 *   file, or, offline, this machine; `MODEL_NOT_PINNED` offline; `MODEL_CARD_INVALID`, `ACCESS_DENIED`,
 *   `NETWORK_FAILED`, `URL_REFUSED`, `ABORTED`
 */
export async function planPull(options: PlanPullOptions): Promise<PullPlan> {
  const { card, modelsFolder, offline = false, ...hubOptions } = options
  assertStorable(card)
  const folder = modelFolder(modelsFolder, card.id)
  const lock = await readModelLock(modelsFolder)
  const pins = pinsOf(lock, card.id)
  const access = offline ? null : hubAccess(hubOptions)
  const source = access && (await sourceOf(card, lockedModel(lock, card.id), access))
  const expected =
    access && source ? await expectedByHub(card, pins, source, access) : expectedHere(card, pins)
  const files: PlannedFile[] = []
  for (const file of expected) {
    files.push({ ...file, present: await presentBytes(folder, file) })
  }
  if (offline) assertAllHere(card, files)
  const bytes = sum(files.map((file) => file.bytes))
  const missingBytes = bytes - sum(files.map(({ present }) => present))
  return { card, modelsFolder, folder, source, files, bytes, missingBytes }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

async function sourceOf(
  card: ModelCard,
  locked: LockedModel | null,
  access: Access,
): Promise<PullSource> {
  if (card.repository === null) throw notPublished(card)
  const { id, revision, folder } = card.repository
  const known = locked?.repository === id && locked.revision === revision ? locked.commit : null
  const commit = known ?? (await resolveCommit(id, revision, access))
  return { hub: access.rules.hub.href, repository: id, revision, commit, folder }
}

type PinnedContent = ExpectedContent & Pick<PlannedFile, 'path' | 'pinned'>

async function expectedByHub(
  card: ModelCard,
  pins: ModelPins,
  { repository, commit, folder }: PullSource,
  access: Access,
): Promise<PinnedContent[]> {
  const listed = await listRepository(repository, commit, access)
  return card.files.map((file) => {
    const pin = pins.get(file.path)
    const { path, bytes, sha256 } = expectedFile(file, pin)
    const found = listed.get(folder === null ? path : `${folder}/${path}`)
    if (found === undefined) throw notListed(card, path)
    const differs =
      (bytes !== null && bytes !== found.bytes) ||
      (sha256 !== null && found.sha256 !== null && sha256 !== found.sha256)
    if (differs) throw changedOnHub(card, path, { pinned: pin !== undefined })
    return { ...found, path, sha256: sha256 ?? found.sha256, pinned: sha256 !== null }
  })
}

function expectedHere(card: ModelCard, pins: ModelPins): PinnedContent[] {
  return card.files.map((file) => {
    const { path, bytes, sha256 } = expectedFile(file, pins.get(file.path))
    if (bytes === null || sha256 === null) throw unknownOffline(card, path)
    return { path, bytes, sha256, gitBlob: null, pinned: true }
  })
}

function assertAllHere({ id }: ModelCard, files: readonly PlannedFile[]): void {
  const missing = files.filter(({ present, bytes }) => present < bytes).map(({ path }) => path)
  if (missing.length === 0) return
  throw new AssayError({
    code: 'MODEL_FILE_MISSING',
    message: `Files of ${id} are not on this machine: ${missing.join(', ')}.`,
    value: missing,
    remedy: 'Pull the model while the network may be used.',
  })
}

const notPublished = ({ id, conversion, source }: ModelCard) =>
  new AssayError({
    code: 'MODEL_UNKNOWN',
    message: `The card of ${id} names no repository that it could be pulled from.`,
    value: id,
    remedy:
      conversion === null
        ? `Its card says where it comes from: ${source}`
        : `Nobody publishes it in ONNX. Make it with models/recipes/${conversion.recipe}.`,
  })

const notListed = ({ id }: ModelCard, path: string) =>
  new AssayError({
    code: 'MODEL_FILE_MISSING',
    message: `The hub does not list ${path} of ${id}.`,
    value: path,
    remedy: 'Its publisher has moved it; look for a newer version of the model card.',
  })

const changedOnHub = ({ id }: ModelCard, path: string, { pinned }: { readonly pinned: boolean }) =>
  new AssayError({
    code: 'MODEL_HASH_MISMATCH',
    message: `The hub lists another ${path} of ${id} than ${pinned ? 'was pinned when it was first pulled' : 'its card describes'}. Nothing was fetched.`,
    value: path,
    remedy: pinned
      ? `Find out why it was replaced. To trust the new one, forget the pin ("assay models rm ${id} --forget") and pull again.`
      : 'Find out why it was replaced; a newer card may describe the new one.',
  })

const unknownOffline = ({ id }: ModelCard, path: string) =>
  new AssayError({
    code: 'MODEL_NOT_PINNED',
    message: `Nothing on this machine says what ${path} of ${id} must be.`,
    value: path,
    remedy: 'Pull the model while the network may be used.',
  })

import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { AssayError, type Matrix } from '@assay/core'
import { acquireLock, sha256File, writeFileAtomic } from '@assay/store'
import { assertRunning } from '../references/assert-running.js'
import { defaultPool } from './default-pool.js'
import {
  type ReferenceManifest,
  type ReferenceProgress,
  type ReferenceSettings,
  readDescription,
  referenceFiles,
  referenceProgress,
  referencesFormat,
} from './reference-files.js'
import type { ReferenceSpace } from './reference-space.js'
import { ReferenceWriter } from './reference-writer.js'

/** References that are to be kept on disk. */
export interface WriteShieldReferencesOptions {
  /** A folder for them alone; it is made. */
  readonly folder: string
  /** The space that they lie in: the sampler's own. */
  readonly space: ReferenceSpace
  /**
   * The references from a row on, block after block: channels × height × width numbers a row. Writing that
   * was stopped goes on where it was, and then asks for what is missing; the rows must be the same.
   */
  readonly rows: (from: number) => Iterable<Matrix> | AsyncIterable<Matrix>
  /** How numbers are stored. Default: `float16`, half the size, which moves references a little. */
  readonly type?: 'float16' | 'float32'
  /**
   * Edge of the squares that are averaged for the index. Default: the smallest that leaves at most 256
   * numbers a row, or else the largest that fits.
   */
  readonly pool?: number
  /** Stops writing; what was written stays. */
  readonly signal?: AbortSignal
}

/** What was written. */
export interface WrittenShieldReferences {
  readonly rows: number
  /** Rows that were there from an earlier time. */
  readonly resumed: number
  /** Largest distance between a row and what is stored of it; 0 for float32. */
  readonly displacement: number
}

/**
 * Writes references for {@link openShieldReferences}: their numbers, their projections, and last a
 * description, without which the folder is not taken for references. After a stop or a crash the same call
 * goes on from what had safely reached the disk.
 *
 * @throws AssayError `INVALID_ARGUMENT` (a pool that does not fit, references that are there already),
 *   `RUN_MISMATCH` (begun with other settings), `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`, `NOT_FINITE` with
 *   the row (also what float16 cannot hold), `EMPTY_INPUT`, `LOCKED`, `FILE_WRITE_FAILED`, `ABORTED`, and
 *   what reading the rows throws
 */
export async function writeShieldReferences(
  options: WriteShieldReferencesOptions,
): Promise<WrittenShieldReferences> {
  const files = referenceFiles(options.folder)
  const settings = settingsOf(options)
  await mkdir(options.folder, { recursive: true })
  const lock = await acquireLock(files.lock)
  try {
    if (existsSync(files.manifest)) throw isThere(files.manifest)
    const begun = await readProgress(files.progress, settings)
    const writer = await ReferenceWriter.open(files, begun)
    try {
      await writeRows(writer, begun.rows, options)
    } catch (error) {
      // What is there already need not be written again; where even that fails, the first error counts.
      await writer.checkpoint().catch(() => {})
      throw error
    } finally {
      await writer.close()
    }
    const { rows, displacement } = writer.progress
    const projectionsSha256 = await sha256File(files.projections)
    const manifest: ReferenceManifest = { ...settings, rows, displacement, projectionsSha256 }
    await writeFileAtomic(files.manifest, `${JSON.stringify(manifest, null, 2)}\n`)
    await rm(files.progress, { force: true })
    return { rows, displacement, resumed: begun.rows }
  } finally {
    lock.release()
  }
}

async function writeRows(
  writer: ReferenceWriter,
  from: number,
  { rows, signal }: WriteShieldReferencesOptions,
): Promise<void> {
  for await (const block of rows(from)) {
    assertRunning(signal)
    await writer.add(block)
  }
  if (writer.progress.rows > 0) return writer.checkpoint()
  throw new AssayError({
    code: 'EMPTY_INPUT',
    message: 'There are no references to write.',
    remedy: 'Give at least one row: nothing protects nothing.',
  })
}

function settingsOf({ space, type = 'float16', pool }: WriteShieldReferencesOptions) {
  const { channels, height, width, scale, shift, fingerprint } = space
  const settings: ReferenceSettings = {
    format: referencesFormat,
    specificationVersion: 1,
    space: { channels, height, width, scale, shift, fingerprint },
    type,
    pool: pool ?? defaultPool(space),
  }
  return settings
}

/** How far an earlier writing with the same settings came. */
async function readProgress(file: string, settings: ReferenceSettings): Promise<ReferenceProgress> {
  if (!existsSync(file)) return { ...settings, rows: 0, displacement: 0 }
  const { rows, displacement, ...begun } = await readDescription(file, referenceProgress)
  if (JSON.stringify(begun) === JSON.stringify(settings)) return { ...settings, rows, displacement }
  throw new AssayError({
    code: 'RUN_MISMATCH',
    message: `${file} tells of references that were begun with other settings.`,
    value: begun,
    remedy: 'Go on with the same space, type and pool, or begin in an empty folder.',
    location: { file },
  })
}

const isThere = (file: string) =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${file} is there: the folder holds references already.`,
    value: file,
    remedy: 'Open them, or write to another folder.',
    location: { file },
  })

import { AssayError, type VectorIndex } from '@assay/core'
import { type MatrixFile, openMatrixFile, sha256File } from '@assay/store'
import type { Projection } from '../references/projection.js'
import { referencesInIndex } from '../references/references-in-index.js'
import type { ShieldReferences } from '../references/shield-references.js'
import { numberCodec } from './number-codec.js'
import {
  projectionOf,
  type ReferenceManifest,
  readDescription,
  referenceFiles,
  referenceManifest,
} from './reference-files.js'
import { assertSpace, type ReferenceSpace } from './reference-space.js'
import { RowReader } from './row-reader.js'

/** Which references are opened, and how they are searched. */
export interface OpenShieldReferencesOptions {
  /** Folder that `writeShieldReferences` wrote. */
  readonly folder: string
  /**
   * Makes the index of the projections, float32 rows by Euclidean distance, for instance with
   * `createExactIndex` of `@assay/vector-index`. It is closed with the references.
   */
  readonly createIndex: (projections: MatrixFile) => Promise<VectorIndex>
  /** What the sampler's space is known to be; references of another are refused. Default: nothing. */
  readonly space?: Partial<ReferenceSpace>
  /** Whether an index may be used that can miss references. Default: no. */
  readonly allowApproximate?: boolean
  /** Numbers of all vectors that one search may find. Default: 2^28, a gigabyte in float32. */
  readonly mostNumbers?: number
}

/** References whose vectors stay on disk. */
export interface StoredShieldReferences extends ShieldReferences {
  readonly space: ReferenceSpace
  readonly type: 'float16' | 'float32'
  /**
   * Largest distance between a reference as it was given and as it is stored: with this for a margin a
   * shield keeps its distance from what was given.
   */
  readonly displacement: number
  /** Closes the files and the index. */
  close(): Promise<void>
}

/** Rows whose projections are computed again and compared. */
const ROWS_CHECKED = 16

/**
 * Opens references on disk: their projections go into an index, vectors are read where those may be near.
 * Of the files the projections are compared with their checksum, the vectors with some of the projections.
 *
 * @throws AssayError `FILE_MISSING` (also of references that were not written to their end),
 *   `MALFORMED_METADATA`, `MALFORMED_MATRIX_FILE` (files that were changed), `SHAPE_MISMATCH`,
 *   `FINGERPRINT_MISMATCH` (another space), `INVALID_ARGUMENT` (an index that cannot be used), and what
 *   `createIndex` throws
 */
export async function openShieldReferences(
  options: OpenShieldReferencesOptions,
): Promise<StoredShieldReferences> {
  const { folder, space = {} } = options
  const files = referenceFiles(folder)
  const manifest = await readDescription(files.manifest, referenceManifest)
  assertSpace(manifest.space, space, files.manifest)
  const opened: { close(): Promise<void> }[] = []
  const close = async () => {
    for (const each of opened.splice(0)) await each.close()
  }
  try {
    return await open(options, manifest, { opened, close })
  } catch (error) {
    await close()
    throw error
  }
}

async function open(
  options: OpenShieldReferencesOptions,
  manifest: ReferenceManifest,
  { opened, close }: { opened: { close(): Promise<void> }[]; close: () => Promise<void> },
): Promise<StoredShieldReferences> {
  const { folder, createIndex, space: _, ...limits } = options
  const { rows, type, space, displacement } = manifest
  const files = referenceFiles(folder)
  const projection = projectionOf(manifest)
  const raw = { rows, columns: projection.columns, type }
  const vectors = await openMatrixFile(files.vectors, { raw })
  opened.push(vectors)
  const projections = await openMatrixFile(files.projections, {
    raw: { rows, columns: projection.dimensions },
  })
  opened.push(projections)
  if ((await sha256File(files.projections)) !== manifest.projectionsSha256) {
    throw damaged(files.projections)
  }
  await compareSome(vectors, projections, projection)
  const index = await createIndex(projections)
  opened.push(index)
  const layout = { columns: projection.columns, codec: numberCodec(type) }
  const reader = await RowReader.open(files.vectors, layout)
  opened.push(reader)
  const references = referencesInIndex({ index, vectors: reader.read, projection, ...limits })
  const { fingerprint } = space
  return { ...references, fingerprint, space, type, displacement, close }
}

/** Throws unless the projections are those of the vectors, for rows from the first to the last. */
async function compareSome(
  vectors: MatrixFile,
  projections: MatrixFile,
  { project }: Projection,
): Promise<void> {
  for (let checked = 0; checked < ROWS_CHECKED; checked += 1) {
    const start = Math.floor((checked * (vectors.rows - 1)) / (ROWS_CHECKED - 1))
    const { data } = await vectors.read({ start, count: 1 })
    const stored = await projections.read({ start, count: 1 })
    const projected = Float32Array.from(project(data))
    if (projected.some((value, at) => value !== stored.data[at])) throw damaged(vectors.path)
  }
}

const damaged = (file: string) =>
  new AssayError({
    code: 'MALFORMED_MATRIX_FILE',
    message: `${file} is not as it was written: vectors and projections do not belong together.`,
    value: file,
    remedy: 'Fetch or write the references again.',
    location: { file },
  })

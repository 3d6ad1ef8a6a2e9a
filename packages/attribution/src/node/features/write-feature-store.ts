import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AssayError, type Matrix } from '@assay/core'
import { sha256File, writeFileAtomic, writeMatrixFile } from '@assay/store'
import type { FeatureSource } from '../../features/feature-source.js'
import { featureStoreFiles, featureStoreKeys } from './feature-store-files.js'

/** How a feature store is written. */
export interface WriteFeatureStoreOptions {
  /** Texts for its metadata, for instance the encoder. Default: none. */
  readonly metadata?: Readonly<Record<string, string>>
  /** Stops the writing between two blocks; the folder is then no feature store. */
  readonly signal?: AbortSignal
}

/**
 * Writes features with all that is known of them into a folder, which is made if need be: rows, ids,
 * fingerprint, labels and the second view. They are read block by block. A feature store in the folder
 * is replaced; other files in it are left alone.
 *
 * @throws AssayError `FILE_WRITE_FAILED`, `INVALID_ARGUMENT` (a label field called `id`), and what
 *   reading the features throws
 */
export async function writeFeatureStore(
  folder: string,
  source: FeatureSource,
  { metadata = {}, signal }: WriteFeatureStoreOptions = {},
): Promise<void> {
  const path = (name: keyof typeof featureStoreFiles) => join(folder, featureStoreFiles[name])
  const hasLabels = source.groups.size > 0
  if (source.groups.has('id')) throw reserved(folder)
  await mkdir(folder, { recursive: true })
  // Without its features the folder is no store: nobody reads old rows with new labels.
  for (const name of ['features', 'mirrored', 'labels'] as const)
    await rm(path(name), { force: true })
  if (hasLabels) await writeFileAtomic(path('labels'), labelLines(source))
  if (source.mirrored) await writeMatrixFile(path('mirrored'), views(source, 'mirrored', signal))
  await writeMatrixFile(path('features'), views(source, 'matrix', signal), {
    metadata: {
      ...metadata,
      ...(hasLabels && { [featureStoreKeys.labels]: await sha256File(path('labels')) }),
      ...(source.mirrored && { [featureStoreKeys.mirrored]: 'true' }),
    },
  })
}

async function* views(
  source: FeatureSource,
  view: 'matrix' | 'mirrored',
  signal: AbortSignal | undefined,
): AsyncGenerator<Matrix> {
  for await (const block of source.blocks(signal ? { signal } : {})) {
    const matrix = block[view]
    if (matrix !== null) yield matrix
  }
}

async function* labelLines({ rows, ids, groups }: FeatureSource): AsyncGenerator<string> {
  for (let row = 0; row < rows; row++) {
    const labels = [...groups].map(([field, values]) => [field, values[row] ?? null] as const)
    const entries = [...(ids ? [['id', ids[row]] as const] : []), ...labels]
    yield `${JSON.stringify(Object.fromEntries(entries))}\n`
  }
}

const reserved = (folder: string): AssayError =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${folder} cannot hold a label called "id", which is the name of the picture.`,
    value: 'id',
    remedy: 'Give the label another name.',
  })

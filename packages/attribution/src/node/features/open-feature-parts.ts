import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AssayError } from '@assay/core'
import { sha256File } from '@assay/store'
import { assertSecondView } from '../../features/assert-second-view.js'
import type { FeatureSource } from '../../features/feature-source.js'
import { featureStoreFiles, featureStoreKeys } from './feature-store-files.js'
import type { Labels } from './label-table.js'
import { clipRetrievalFolders, openClipRetrieval } from './open-clip-retrieval.js'
import type { OpenFeaturesOptions } from './open-features.js'
import { readLabels } from './read-labels.js'
import { openStoredRows, type StoredRows } from './stored-rows.js'

/** The files of one source of features, opened. */
export interface FeatureParts {
  readonly rows: StoredRows
  readonly mirrored: StoredRows | null
  readonly ids: readonly string[] | null
  readonly groups: FeatureSource['groups']
  close(): Promise<void>
}

const noLabels: Labels = { ids: null, groups: new Map() }

/** Opens a file, a feature store or a folder of clip-retrieval, whichever `path` is. */
export async function openFeatureParts(
  path: string,
  options: OpenFeaturesOptions,
): Promise<FeatureParts> {
  if (!(await isFolder(path))) return openFile(path, options)
  if (await isFile(join(path, featureStoreFiles.features))) return openStore(path, options)
  if (await isFolder(join(path, clipRetrievalFolders.features))) return openClip(path, options)
  const { features } = featureStoreFiles
  throw new AssayError({
    code: 'UNSUPPORTED_FORMAT',
    message: `${path} is a folder, but neither a feature store nor an output of clip-retrieval.`,
    value: path,
    remedy: `Name a file, or a folder with ${features} or ${clipRetrievalFolders.features}/ in it.`,
    location: { file: path },
  })
}

const isFolder = (path: string) =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )

const isFile = (path: string) =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  )

/** What a matrix file is opened with. */
function matrixOptions({ raw, tensor, parquet, normalized, fingerprint }: OpenFeaturesOptions) {
  return {
    ...(raw && { raw }),
    ...(tensor !== undefined && { tensor }),
    ...(parquet && { parquet }),
    ...(normalized !== undefined && { normalized }),
    ...(fingerprint !== undefined && { fingerprint }),
  }
}

async function openFile(path: string, options: OpenFeaturesOptions): Promise<FeatureParts> {
  const rows = await openStoredRows(path, matrixOptions(options))
  return complete({ rows, ids: rows.ids, groups: new Map() }, options)
}

async function openClip(path: string, options: OpenFeaturesOptions): Promise<FeatureParts> {
  const { idField, fields, ...others } = options
  const { rows, labels } = await openClipRetrieval(path, {
    ...matrixOptions(options),
    ...(idField !== undefined && { idField }),
    ...(fields && { fields }),
  })
  return complete({ rows, ...labels }, { ...others, ...(fields && { fields }) })
}

async function openStore(folder: string, options: OpenFeaturesOptions): Promise<FeatureParts> {
  const file = (name: keyof typeof featureStoreFiles) => join(folder, featureStoreFiles[name])
  const rows = await openStoredRows(file('features'), matrixOptions(options))
  const { ids, metadata } = rows
  try {
    const written = metadata.get(featureStoreKeys.labels)
    if (written !== undefined) await assertUnchanged(file('labels'), written)
    const idField = ids ? 'id' : null
    const own =
      written === undefined ? noLabels : await readLabels(file('labels'), { ids, idField })
    const mirrored = metadata.has(featureStoreKeys.mirrored) ? { mirrored: file('mirrored') } : {}
    return await complete({ rows, ids, groups: own.groups }, { ...mirrored, ...options })
  } catch (error) {
    await rows.close()
    throw error
  }
}

async function assertUnchanged(labels: string, expected: string): Promise<void> {
  const found = await sha256File(labels)
  if (found === expected) return
  throw new AssayError({
    code: 'MALFORMED_METADATA',
    message: `${labels} is not the file that was written with the features.`,
    value: found,
    remedy: 'Write the feature store again; give other labels by the option for them.',
    location: { file: labels },
  })
}

/** Adds the labels and the second view that the options name; closes everything on an error. */
async function complete(
  { rows, ids, groups }: Pick<FeatureParts, 'rows' | 'ids' | 'groups'>,
  options: OpenFeaturesOptions,
): Promise<FeatureParts> {
  let mirrored: StoredRows | null = null
  const close = async () => {
    await rows.close()
    await mirrored?.close()
  }
  try {
    if (options.mirrored !== undefined) {
      mirrored = await openStoredRows(options.mirrored, matrixOptions(options))
      assertSecondView({ ...rows, ids }, mirrored)
    }
    const { labels, idField, fields } = options
    const added =
      labels === undefined
        ? noLabels
        : await readLabels(labels, { ids, ...(idField !== undefined && { idField }) })
    const all = chosenFields(new Map([...groups, ...added.groups]), fields)
    return { rows, mirrored, ids: ids ?? added.ids, groups: all, close }
  } catch (error) {
    await close()
    throw error
  }
}

function chosenFields(
  groups: FeatureSource['groups'],
  fields: readonly string[] | undefined,
): FeatureSource['groups'] {
  if (fields === undefined) return groups
  return new Map(
    fields.map((field) => {
      const labels = groups.get(field)
      if (labels !== undefined) return [field, labels]
      throw new AssayError({
        code: 'INVALID_ARGUMENT',
        message: `The features have no label ${JSON.stringify(field)}.`,
        value: field,
        remedy: `Name one that they have: ${[...groups.keys()].join(', ') || 'there is none'}.`,
      })
    }),
  )
}

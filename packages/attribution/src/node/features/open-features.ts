import type { Matrix } from '@assay/core'
import type { ParquetColumns, RawLayout } from '@assay/store'
import { createFeatureSource } from '../../features/create-feature-source.js'
import type { FeatureSource } from '../../features/feature-source.js'
import { inspectBlock } from '../../features/inspect-block.js'
import { type FeatureParts, openFeatureParts } from './open-feature-parts.js'

/** What the files of features do not say themselves. */
export interface OpenFeaturesOptions {
  /** Shape of a file without a header. Default: the file has a header. */
  readonly raw?: RawLayout
  /** Tensor of a safetensors file. Default: `vectors`, or the only one. */
  readonly tensor?: string
  /** Columns of a parquet file; must be given for one. */
  readonly parquet?: ParquetColumns
  /**
   * Whether every row has unit length. Default: what the first 256 rows show, unless the file says that
   * all have; for clip-retrieval, true.
   */
  readonly normalized?: boolean
  /** The space of the features, where the file does not say; must be the file's own where it does. */
  readonly fingerprint?: string
  /**
   * Table of labels, and of ids where the features have none: .jsonl (a `metadata.jsonl`, for
   * instance), .csv with the names of the fields first, or .parquet. Default: none.
   */
  readonly labels?: string
  /**
   * Field of the labels that holds the id; null for none. Default: the first of `id`, `file_name`,
   * `image_path`; for clip-retrieval, `image_path`.
   */
  readonly idField?: string | null
  /** Fields of the labels to keep. Default: all; for clip-retrieval, `caption`. */
  readonly fields?: readonly string[]
  /** File of the features of the mirrored pictures, row by row, in the same format. Default: none. */
  readonly mirrored?: string
}

/** Features in files. Close them when they are no longer read. */
export interface FeatureFile extends FeatureSource {
  readonly path: string
  /** Texts that the writer left in the file. */
  readonly metadata: ReadonlyMap<string, string>
  close(): Promise<void>
}

/**
 * Opens features, read block by block and never as a whole: a matrix file (npy, safetensors, parquet,
 * or numbers without a header), a feature store that `writeFeatureStore` wrote, or an output folder of
 * clip-retrieval.
 *
 * @throws AssayError `FILE_MISSING`, `FILE_READ_FAILED`; `MALFORMED_NPY`, `MALFORMED_SAFETENSORS`,
 *   `MALFORMED_PARQUET`, `MALFORMED_MATRIX_FILE` or `MALFORMED_METADATA` for files that are cut or are
 *   not what they claim; `EMPTY_INPUT`, `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`,
 *   `NORMALIZATION_MISMATCH`, `DUPLICATE_ID`, `INVALID_ARGUMENT`, `UNSUPPORTED_FORMAT`,
 *   `LIMIT_EXCEEDED`; its `blocks` also `NOT_FINITE`
 */
export async function openFeatures(
  path: string,
  options: OpenFeaturesOptions = {},
): Promise<FeatureFile> {
  const parts = await openFeatureParts(path, options)
  try {
    const { metadata } = parts.rows
    return { ...sourceOf(parts), path, metadata, close: () => parts.close() }
  } catch (error) {
    await parts.close()
    throw error
  }
}

function sourceOf({ rows: stored, mirrored, ids, groups }: FeatureParts): FeatureSource {
  const { rows, columns, normalized, fingerprint } = stored
  const labelled = (matrix: Matrix, firstRow: number): Matrix => {
    const someIds = ids?.slice(firstRow, firstRow + matrix.rows) ?? null
    return { ...matrix, ids: someIds, normalized, fingerprint }
  }
  return createFeatureSource({
    rows,
    columns,
    ids,
    normalized,
    fingerprint,
    groups,
    mirrored: mirrored !== null,
    async read(firstRow, count) {
      const [first, second] = await Promise.all([
        stored.read(firstRow, count),
        mirrored?.read(firstRow, count) ?? null,
      ])
      return inspectBlock({
        firstRow,
        matrix: labelled(first, firstRow),
        mirrored: second && labelled(second, firstRow),
      })
    },
  })
}

import { join } from 'node:path'
import type { ItemFailure } from '@assay/core'
import type { ParquetLimits, TarLimits } from '@assay/store/archives'
import type { Picture } from '../picture-set.js'
import type { FoundShard } from './find-shards.js'
import { faultOf, type ListedPictures } from './listed-pictures.js'
import { PackedReader } from './packed-reader.js'
import { listPictureTable } from './picture-table.js'
import { listWebdataset } from './webdataset.js'

/** Limits of archives and tables other than the defaults. */
export interface PackedLimits {
  readonly tar?: Partial<TarLimits>
  readonly parquet?: Partial<ParquetLimits>
}

/** Archives and tables that are one set. */
export interface Shards {
  /** Folder that they lie in. */
  readonly folder: string
  readonly shards: readonly FoundShard[]
  /** Whether ids begin with the name of their shard. */
  readonly prefixed: boolean
  readonly limits: PackedLimits
}

/**
 * The pictures of archives and tables, in their order. An id that comes again is a failure.
 *
 * @throws AssayError as `walkTar` and `readParquet` do
 */
export async function readShards({
  folder,
  shards,
  prefixed,
  limits,
}: Shards): Promise<ListedPictures> {
  const reader = new PackedReader()
  const pictures: Picture[] = []
  const failures: ItemFailure[] = []
  const shardOf = new Map<string, string>()
  for (const { kind, name } of shards) {
    const shard = { path: join(folder, name), prefix: prefixed ? `${name}/` : '', reader }
    const listed =
      kind === 'webdataset'
        ? await listWebdataset({ ...shard, limits: limits.tar ?? {} })
        : await listPictureTable({ ...shard, limits: limits.parquet ?? {} })
    for (const failure of listed.failures) failures.push(failure)
    for (const picture of listed.pictures) {
      const { id } = picture
      const earlier = shardOf.get(id)
      if (earlier === undefined) {
        shardOf.set(id, name)
        pictures.push(picture)
        continue
      }
      const reason = `has an id that was in ${earlier} before`
      failures.push(faultOf({ id, reason, code: 'DUPLICATE_ID', file: name }))
    }
  }
  return { pictures, failures }
}

import { resolve } from 'node:path'
import type { AttributionHead } from '@assay/attribution'
import { readHeadFile } from '@assay/attribution/node'
import { AssayError } from '@assay/core'

/**
 * A head from its file; null for none. One that does not say what it was trained on, as an export of the
 * paper's checkpoints, is taken for one of raw features, which is told.
 *
 * @throws AssayError what `readHeadFile` throws
 */
export async function readHead(path: string | undefined): Promise<AttributionHead | null> {
  if (path === undefined) return null
  try {
    return await readHeadFile(resolve(path))
  } catch (error) {
    if (!AssayError.isInstance(error) || error.code !== 'MISSING_INPUT') throw error
    process.stderr.write(
      `! ${path} does not say what it was trained on: raw features are supposed.\n`,
    )
    return readHeadFile(resolve(path), { expects: { normalized: false } })
  }
}

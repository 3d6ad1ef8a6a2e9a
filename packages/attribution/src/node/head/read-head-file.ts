import { readFile, stat } from 'node:fs/promises'
import { AssayError } from '@assay/core'
import type { AttributionHead } from '../../head/attribution-head.js'
import type { ReadHeadFileOptions } from './head-description.js'
import { headFileBytes } from './head-file-form.js'
import { parseHead } from './parse-head.js'

/**
 * Reads a head: a file of `writeHeadFile`, or any safetensors file with the linear maps `real_mapper`
 * and `synth_mapper` (`weight` `[d, d]` and `bias` `[d]` each), as the paper's checkpoints name them.
 *
 * @throws AssayError `FILE_MISSING`, `FILE_READ_FAILED`, `LIMIT_EXCEEDED`; `MALFORMED_SAFETENSORS` for a
 *   cut file, missing, unknown or misshapen tensors; `MALFORMED_METADATA`; `NOT_FINITE`;
 *   `MODEL_HASH_MISMATCH` where the weights are not those that were written; `MISSING_INPUT` where
 *   neither file nor options tell what the head expects; `NORMALIZATION_MISMATCH`,
 *   `FINGERPRINT_MISMATCH` where they disagree
 */
export async function readHeadFile(
  path: string,
  { expects }: ReadHeadFileOptions = {},
): Promise<AttributionHead> {
  return parseHead(await readBytes(path), { file: path, ...(expects && { expects }) })
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path)
    if (size <= headFileBytes) return await readFile(path)
    throw new AssayError({
      code: 'LIMIT_EXCEEDED',
      message: `${path} has ${size} bytes, more than the ${headFileBytes} of a head.`,
      value: size,
      remedy: 'Name the file of a head.',
      location: { file: path },
    })
  } catch (cause) {
    if (AssayError.isInstance(cause)) throw cause
    const { code } = cause as NodeJS.ErrnoException
    throw new AssayError({
      code: code === 'ENOENT' ? 'FILE_MISSING' : 'FILE_READ_FAILED',
      message: `The head ${path} cannot be read: ${code}.`,
      value: path,
      remedy: 'Name a file that is there and that this user may read.',
      location: { file: path },
      cause,
    })
  }
}

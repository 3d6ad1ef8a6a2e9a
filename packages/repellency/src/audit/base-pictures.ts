import { AssayError } from '@assay/core'
import type { RepellencyInput } from './repellency-input.js'
import { promptAndSeed } from './shield-comparisons.js'
import type { ShieldRecord } from './shield-record.js'

/** The pictures without the shield that lie in the folder of the options. */
export interface BasePictures {
  /** Names of their files, by prompt and seed. */
  readonly files: ReadonlyMap<string, string>
  /** Outputs that the evidence tells of and that have none. */
  readonly missing: number
}

/**
 * Finds the pictures of the same prompts and seeds, and of the hash that the evidence tells, in the folder of
 * pictures without the shield.
 *
 * @throws AssayError `INVALID_ARGUMENT` for a folder of other pictures
 */
export function basePictures(
  { context, options }: RepellencyInput,
  { evidence, pictures }: ShieldRecord,
): BasePictures {
  if (options.base === undefined) return { files: new Map(), missing: 0 }
  const hashes = new Map(evidence.base?.map((each) => [promptAndSeed(each), each.sha256]))
  const files = new Map<string, string>()
  for (const { id, prompt, metadata } of context.pictureSets.get('base') ?? []) {
    const { seed, sha256 } = metadata
    if (prompt === null || typeof seed !== 'number') continue
    const key = promptAndSeed({ prompt, seed })
    if ((hashes.get(key) ?? sha256) === sha256) files.set(key, id)
  }
  const given = pictures.filter(({ picture }) => picture.file !== null)
  const without = given.filter(
    ({ picture: { seed }, request: { prompt } }) => !files.has(promptAndSeed({ prompt, seed })),
  )
  if (given.length > 0 && without.length === given.length) throw ofOtherPictures(options.base)
  return { files, missing: without.length }
}

const ofOtherPictures = (folder: string): AssayError =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${folder} holds none of the pictures that the evidence of the shield tells of, without the shield.`,
    value: folder,
    remedy:
      'Name the folder that `assay shield generate --base` wrote in the same run, with its metadata.jsonl.',
  })

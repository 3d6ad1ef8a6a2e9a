import { AssayError, type ItemFailure, itemFailure } from '@assay/core'
import type { Picture } from '../picture-set.js'

/** What was found of a set. */
export interface ListedPictures {
  readonly pictures: Picture[]
  readonly failures: ItemFailure[]
}

/** What is wrong with one item of a set. */
export interface ItemFault {
  readonly id: string
  /** To follow the item's name in a sentence. */
  readonly reason: string
  readonly code: 'MALFORMED_METADATA' | 'LIMIT_EXCEEDED' | 'FILE_MISSING' | 'DUPLICATE_ID'
  /** The archive or table. */
  readonly file: string
  /** Row in a table, from 0. */
  readonly row?: number
  readonly cause?: unknown
}

const remedies = {
  MALFORMED_METADATA: 'Write what stands beside the picture again, or leave it out.',
  LIMIT_EXCEEDED: 'Make what stands beside the picture shorter.',
  FILE_MISSING: 'Put the picture beside its metadata, or leave those out.',
  DUPLICATE_ID: 'Give every picture an identifier of its own.',
} as const

/** A failure of one item; the others go on. */
export function faultOf({ id, reason, code, file, row, cause }: ItemFault): ItemFailure {
  const error = new AssayError({
    code,
    message: `${id} in ${file} ${reason}.`,
    value: id,
    remedy: remedies[code],
    location: row === undefined ? { file, id } : { file, row, id },
    cause,
  })
  return itemFailure(id, 'read', error)
}

/** Most bytes of a prompt, or of the metadata of one picture. */
export const longestText = 2 ** 20

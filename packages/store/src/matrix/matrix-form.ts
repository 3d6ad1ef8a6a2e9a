/**
 * Assay's own form of a matrix file: a safetensors file with these tensors and, under
 * `__metadata__`, these keys.
 */
export const matrixForm = {
  /** The rows: F32 [rows, columns], first in the file. */
  vectors: 'vectors',
  /** Where the id of each row starts in `ids`, and where the last ends: I32 [rows + 1]. */
  idOffsets: 'id_offsets',
  /** The ids as UTF-8, one after the other: U8 [bytes]. */
  ids: 'ids',
  /** `assay.matrix`. */
  format: 'format',
  /** `1`. */
  version: 'version',
  /** `true` or `false`. */
  normalized: 'normalized',
  /** Left out where it is not known. */
  fingerprint: 'fingerprint',
} as const

export const formatName = 'assay.matrix'
export const formatVersion = '1'

/** Bytes that all ids of a file may take: a file that fills the memory, and the range of I32. */
export const maxIdBytes = 2 ** 30

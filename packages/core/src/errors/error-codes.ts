/**
 * Every error code of Assay and the kind it belongs to. Codes are stable: callers, result documents
 * and exit codes rely on them. Add a code rather than change what one means.
 */
export const errorKinds = {
  // A call that cannot be meant.
  INVALID_ARGUMENT: 'argument',
  SHAPE_MISMATCH: 'argument',
  NOT_FINITE: 'argument',
  EMPTY_INPUT: 'argument',
  DUPLICATE_ID: 'argument',
  ZERO_VECTOR: 'argument',
  NOT_POSITIVE_DEFINITE: 'argument',
  FINGERPRINT_MISMATCH: 'argument',
  NORMALIZATION_MISMATCH: 'argument',
  MISSING_INPUT: 'argument',

  // Bytes that are not what they claim to be.
  MALFORMED_NPY: 'format',
  MALFORMED_SAFETENSORS: 'format',
  MALFORMED_TAR: 'format',
  MALFORMED_PARQUET: 'format',
  MALFORMED_MATRIX_FILE: 'format',
  MALFORMED_METADATA: 'format',
  MALFORMED_JSON: 'format',
  UNSUPPORTED_FORMAT: 'format',

  // A named limit that stops a hostile or mistaken input.
  LIMIT_EXCEEDED: 'limit',

  // Pictures.
  IMAGE_UNREADABLE: 'image',
  IMAGE_UNSUPPORTED_FORMAT: 'image',
  IMAGE_CORRUPT: 'image',
  IMAGE_TRUNCATED: 'image',
  IMAGE_TOO_LARGE: 'image',
  IMAGE_TIMEOUT: 'image',
  IMAGE_FLAGGED: 'image',

  // Models and their cards.
  MODEL_CARD_INVALID: 'model',
  MODEL_FILE_MISSING: 'model',
  MODEL_HASH_MISMATCH: 'model',
  MODEL_NOT_PINNED: 'model',
  MODEL_UNKNOWN: 'model',
  MODEL_INCOMPATIBLE: 'model',
  MODEL_UNSAFE: 'model',
  MODEL_RESOURCE_LIMIT: 'model',

  // The compute engine.
  ENGINE_UNAVAILABLE: 'engine',
  ENGINE_FAILED: 'engine',
  ENGINE_CLOSED: 'engine',

  // Files that Assay itself keeps.
  FILE_MISSING: 'storage',
  FILE_WRITE_FAILED: 'storage',
  FILE_READ_FAILED: 'storage',
  LOCKED: 'storage',
  JOURNAL_CORRUPT: 'storage',
  CACHE_CORRUPT: 'storage',
  RUN_MISMATCH: 'storage',

  // Other machines.
  NETWORK_FAILED: 'network',
  URL_REFUSED: 'network',

  // What the user wrote, or has not consented to yet.
  CONFIG_INVALID: 'configuration',
  CONFIG_UNKNOWN_KEY: 'configuration',
  CONFIG_MISSING: 'configuration',
  AUDIT_UNKNOWN: 'configuration',
  LICENCE_NOT_ACCEPTED: 'configuration',
  ACCESS_DENIED: 'configuration',

  // Conformance kits.
  CONFORMANCE_FAILED: 'conformance',

  // The caller changed its mind.
  ABORTED: 'aborted',

  // A fault of ours.
  INTERNAL: 'internal',
} as const

/** A stable error code, for instance `IMAGE_TOO_LARGE`. */
export type AssayErrorCode = keyof typeof errorKinds

/** The family of an error code, for instance `image`. */
export type AssayErrorKind = (typeof errorKinds)[AssayErrorCode]

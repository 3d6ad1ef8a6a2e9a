// Contents by key.
export {
  type Cache,
  type CacheCounts,
  type CacheSize,
  openCache,
} from './cache/open-cache.js'
// Files, written whole or not at all.
export type { ReplaceOptions } from './files/replace-file.js'
export { sha256, sha256File } from './files/sha256.js'
export { type FileContent, writeFileAtomic } from './files/write-file-atomic.js'
// Records, appended one by one.
export { type Journal, type JournalOptions, openJournal } from './journal/open-journal.js'
export { readJournal } from './journal/read-journal.js'
export type { JournalRecord } from './journal/scan-journal.js'
// JSON from outside.
export { type JsonLimits, jsonLimits, readJson } from './json/read-json.js'
// One owner at a time.
export { acquireLock, type Lock, type LockOptions } from './lock/acquire-lock.js'
// Matrices larger than the memory.
export type { MatrixFile, MatrixLabels } from './matrix/matrix-file.js'
export type { MatrixRegion, NumberType } from './matrix/matrix-source.js'
export { type MatrixFileOptions, openMatrixFile } from './matrix/open-matrix-file.js'
export type { ParquetColumns } from './matrix/parquet-source.js'
export type { RawLayout } from './matrix/raw-source.js'
export { type WriteMatrixOptions, writeMatrixFile } from './matrix/write-matrix-file.js'

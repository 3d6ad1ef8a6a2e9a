// Archives and tables from outside.
export type { ParquetCells } from './parquet/decoder-protocol.js'
export { describeParquet, type ParquetDescription } from './parquet/describe-parquet.js'
export { type ParquetLimits, parquetLimits } from './parquet/parquet-limits.js'
export { type ParquetRow, type ReadParquetOptions, readParquet } from './parquet/read-parquet.js'
export {
  type ReadTarOptions,
  readTar,
  type TarEntry,
  type TarMember,
  walkTar,
} from './tar/read-tar.js'
export { type TarLimits, tarLimits } from './tar/tar-limits.js'

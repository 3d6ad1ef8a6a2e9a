/** What the parquet readers accept; each limit with the weakness that it stops. */
export interface ParquetLimits {
  /** Bytes of the footer: a description that fills the memory. Default: 64 MiB. */
  readonly footerBytes: number
  /** Unpacked bytes of the chosen columns in one row group, which is decoded at once. Default: 512 MiB. */
  readonly groupBytes: number
  /**
   * MiB of memory for the decoder, outside of Linux of JavaScript heap alone: pages that unpack to
   * more than they say. Default: 4,096.
   */
  readonly megabytes: number
  /** Seconds for one answer of the decoder: pages that keep it busy for ever. Default: 300. */
  readonly seconds: number
}

/** The limits of the parquet readers where the caller names no others. */
export const parquetLimits: ParquetLimits = {
  footerBytes: 64 * 2 ** 20,
  groupBytes: 512 * 2 ** 20,
  megabytes: 4096,
  seconds: 300,
}

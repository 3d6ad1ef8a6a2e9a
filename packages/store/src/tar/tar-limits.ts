/** What {@link readTar} accepts; each limit with the weakness that it stops. */
export interface TarLimits {
  /** Entries of any kind: an archive of endless empty files. Default: 1,000,000. */
  readonly entries: number
  /** Bytes of one file: an entry that fills the memory. Default: 256 MiB. */
  readonly entryBytes: number
  /** Bytes unpacked in all: an archive that never ends. Default: 256 GiB. */
  readonly totalBytes: number
  /** Bytes unpacked for each compressed byte, beyond the first MiB: a bomb. Default: 200. */
  readonly ratio: number
  /** UTF-16 units of a name: names that fill memory and logs. Default: 1,024. */
  readonly nameLength: number
  /** Folders in a name: recursion in whoever walks it. Default: 32. */
  readonly depth: number
}

/** The limits of {@link readTar} where the caller names no others. */
export const tarLimits: TarLimits = {
  entries: 1_000_000,
  entryBytes: 256 * 2 ** 20,
  totalBytes: 256 * 2 ** 30,
  ratio: 200,
  nameLength: 1024,
  depth: 32,
}

import type { ElementType } from './tensor-bytes.js'

/** Limits of the npy parser. */
export const npyLimits = {
  /** Bytes before the values; this many from a file's start always hold its header. */
  headerBytes: 65_536,
  /** Dimensions of an array, as in numpy. */
  dimensions: 64,
  /** Length along one dimension. */
  length: 2 ** 32,
} as const

/** What an npy file says about its values. */
export interface NpyHeader {
  /** Element type; `float16` values are read as their bits. */
  readonly type: ElementType
  readonly shape: readonly number[]
  /** Whether the first index runs fastest (Fortran order) and not the last (C order). */
  readonly fortranOrder: boolean
  /** Whether values stand most significant byte first. */
  readonly bigEndian: boolean
  /** Where the values start, in bytes. */
  readonly dataOffset: number
  /** Bytes that the values take. */
  readonly dataLength: number
}

/** The first bytes of an npy file. */
export const npyMagic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const

/** numpy's name of each element type, without its byte order. */
export const npyNames: Readonly<Record<ElementType, string>> = {
  float16: 'f2',
  float32: 'f4',
  float64: 'f8',
  int32: 'i4',
  int64: 'i8',
  uint8: 'u1',
  bool: 'b1',
}

import type { ElementType } from './tensor-bytes.js'

/** Limits of the safetensors parser. */
export const safetensorsLimits = {
  /** Bytes of the JSON header. */
  headerBytes: 25_000_000,
  /** Length along one dimension. */
  length: 2 ** 32,
  /** Objects and arrays within each other: header, tensor, shape. */
  depth: 3,
} as const

/** The name of each element type that this library reads. */
export const safetensorsNames: Readonly<Record<ElementType, string>> = {
  float16: 'F16',
  float32: 'F32',
  float64: 'F64',
  int32: 'I32',
  int64: 'I64',
  uint8: 'U8',
  bool: 'BOOL',
}

/** One tensor of a safetensors file. */
export interface SafetensorsEntry {
  /** Element type by its name in the file, for instance `F32`. */
  readonly dtype: string
  /** Element type that this library reads it as, or null where it does not. */
  readonly type: ElementType | null
  readonly shape: readonly number[]
  /** Bytes of the file that the values take: from `start` up to, not with, `end`. */
  readonly start: number
  readonly end: number
}

/** What a safetensors file says about its tensors. */
export interface SafetensorsHeader {
  /** The texts under `__metadata__`. */
  readonly metadata: ReadonlyMap<string, string>
  /** Tensors by name, in the order of their values. */
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>
  /** Where the values start, in bytes. */
  readonly dataOffset: number
}

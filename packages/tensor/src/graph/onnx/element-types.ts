import type { ElementType } from '../graph-node.js'

/** Element types by their number in onnx.proto, `TensorProto.DataType`. */
export const elementTypes: Record<ElementType, number> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
}

/** Types that other graphs may hold and the engine does not carry. */
const foreignTypes: Readonly<Record<number, string>> = {
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  8: 'string',
  12: 'uint32',
  13: 'uint64',
  14: 'complex64',
  15: 'complex128',
  16: 'bfloat16',
  17: 'float8e4m3fn',
  18: 'float8e4m3fnuz',
  19: 'float8e5m2',
  20: 'float8e5m2fnuz',
  21: 'uint4',
  22: 'int4',
  23: 'float4e2m1',
}

const names = new Map(Object.entries(elementTypes).map(([name, number]) => [number, name]))

/** Name of an element type; `type N` where this package does not know it. */
export const elementTypeName = (number: number): string =>
  names.get(number) ?? foreignTypes[number] ?? `type ${number}`

/** Bits of one element by the name of its type; null where they differ or are unknown. */
export function elementBits(name: string): number | null {
  if (name === 'bool') return 8
  const [digits] = /\d+/.exec(name) ?? []
  return digits === undefined || name.startsWith('type ') ? null : Number(digits)
}

import type { SchemaTree } from 'hyparquet'
import type { ParquetCells } from './decoder-protocol.js'

const texts: ReadonlySet<string | undefined> = new Set(['STRING', 'UTF8', 'ENUM', 'JSON'])
const numbers: ReadonlySet<string | undefined> = new Set(['INT32', 'INT64', 'FLOAT', 'DOUBLE'])
const bytes: ReadonlySet<string | undefined> = new Set(['BYTE_ARRAY', 'FIXED_LEN_BYTE_ARRAY'])

/** Annotations of whole numbers, which leave them numbers. */
const isWhole = (annotation: string) => /^(INTEGER|U?INT_\d+)$/.test(annotation)

/** What the cells of a column are; dates, decimals and the like are `other`, lists and structures `group`. */
export function cellsOf({ element, children }: SchemaTree): ParquetCells {
  const annotation = element.logical_type?.type ?? element.converted_type
  if (children.length > 0 || element.repetition_type === 'REPEATED') return 'group'
  if (texts.has(annotation)) return 'text'
  if (annotation !== undefined && !isWhole(annotation)) return 'other'
  if (element.type === 'BOOLEAN') return 'boolean'
  if (numbers.has(element.type)) return 'number'
  return bytes.has(element.type) ? 'bytes' : 'other'
}

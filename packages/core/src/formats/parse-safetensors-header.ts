import { type FormatErrors, formatErrors, type ParseOptions } from './format-errors.js'
import { parseJson } from './parse-json.js'
import {
  type SafetensorsEntry,
  type SafetensorsHeader,
  safetensorsLimits,
  safetensorsNames,
} from './safetensors-header.js'
import { bytesPerValue, countValues, type ElementType } from './tensor-bytes.js'

const typesByName = new Map(
  Object.entries(safetensorsNames).map(([type, name]) => [name, type as ElementType]),
)

/** Bytes a value, by element type. */
const widths = new Map<unknown, number>([
  ...[...typesByName].map(([name, type]) => [name, bytesPerValue(type)] as const),
  ['BF16', 2],
  ['F8_E4M3', 1],
  ['F8_E5M2', 1],
  ['I8', 1],
  ['I16', 2],
  ['U16', 2],
  ['U32', 4],
  ['U64', 8],
])

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0

const isCounts = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every(isCount)

function parseText(text: string, { malformed }: FormatErrors): Readonly<Record<string, unknown>> {
  // A header may be padded behind, never before.
  if (!text.startsWith('{')) throw malformed('its header does not start with {')
  let header: unknown
  try {
    header = parseJson(text, { maximumDepth: safetensorsLimits.depth })
  } catch (cause) {
    throw malformed('its header is not the JSON that it should be', { cause })
  }
  return header as Readonly<Record<string, unknown>>
}

function parseMetadata(value: unknown, { malformed }: FormatErrors): Map<string, string> {
  const isText = (entry: [string, unknown]): entry is [string, string] =>
    typeof entry[1] === 'string'
  const entries = isObject(value) ? Object.entries(value) : null
  if (!entries?.every(isText)) throw malformed('its metadata is not an object of texts')
  return new Map(entries)
}

function parseEntry(name: string, value: unknown, base: number, errors: FormatErrors) {
  const { malformed, tooLarge } = errors
  const wrong = (reason: string) =>
    malformed(`the tensor ${JSON.stringify(name)} ${reason}`, { value: name })
  if (!isObject(value) || Object.keys(value).length !== 3) {
    throw wrong('does not have just dtype, shape and data_offsets')
  }
  const { dtype, shape, data_offsets: offsets } = value
  const width = widths.get(dtype)
  if (typeof dtype !== 'string' || width === undefined) throw wrong('has an unknown dtype')
  if (!isCounts(shape)) throw wrong('has a shape that is not a list of whole numbers')
  if (!isCounts(offsets)) throw wrong('has offsets that are not whole numbers')
  const excess = shape.find((length) => length > safetensorsLimits.length)
  if (excess !== undefined) throw tooLarge(`a dimension of ${excess}`, excess)
  const [from = 0, to = -1] = offsets
  // A product beyond 2^53, or of too many dimensions, equals no difference of offsets.
  if (offsets.length !== 2 || to - from !== countValues(shape) * width) {
    throw wrong('has offsets that do not fit its shape')
  }
  return { dtype, type: typesByName.get(dtype) ?? null, shape, start: base + from, end: base + to }
}

/** Throws unless the tensors, in order of their values, cover the file without gap or overlap. */
function assertCovering(
  tensors: ReadonlyMap<string, SafetensorsEntry>,
  range: { readonly start: number; readonly end: number },
  { malformed }: FormatErrors,
): void {
  let covered = range.start
  for (const [name, { start, end }] of tensors) {
    if (start !== covered) {
      const fault = start < covered ? 'overlaps the one before' : 'leaves a hole before'
      throw malformed(`the tensor ${JSON.stringify(name)} ${fault} it`, { value: name })
    }
    covered = end
  }
  if (covered !== range.end) {
    throw malformed(`its tensors end at byte ${covered} and the file at byte ${range.end}`)
  }
}

/**
 * Bytes before the values of a safetensors file: its length field and its header.
 *
 * @param bytes at least the first 8 bytes of the file
 * @throws AssayError `MALFORMED_SAFETENSORS`, `LIMIT_EXCEEDED`
 */
export function safetensorsDataOffset(bytes: Uint8Array, options: ParseOptions = {}): number {
  const { malformed, tooLarge } = formatErrors('safetensors', 'MALFORMED_SAFETENSORS', options)
  if (bytes.length < 8) throw malformed('it ends within its length field')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = Number(view.getBigUint64(0, true))
  if (length > safetensorsLimits.headerBytes) throw tooLarge(`a header of ${length} bytes`, length)
  return 8 + length
}

/**
 * Reads the header of a safetensors file and checks that its tensors cover the file exactly.
 *
 * @param bytes the file, or its first `safetensorsDataOffset` bytes
 * @param options.byteLength length of the whole file. Default: that of `bytes`
 * @throws AssayError `MALFORMED_SAFETENSORS`, `LIMIT_EXCEEDED`
 */
export function parseSafetensorsHeader(
  bytes: Uint8Array,
  options: ParseOptions & { readonly byteLength?: number } = {},
): SafetensorsHeader {
  const errors = formatErrors('safetensors', 'MALFORMED_SAFETENSORS', options)
  const dataOffset = safetensorsDataOffset(bytes, options)
  if (bytes.length < dataOffset) throw errors.malformed('it ends within its header')
  const text = decodeUtf8(bytes.subarray(8, dataOffset), errors)
  const { __metadata__: metadata = {}, ...entries } = parseText(text, errors)
  const tensors = Object.entries(entries)
    .map(([name, value]) => [name, parseEntry(name, value, dataOffset, errors)] as const)
    .sort(([, a], [, b]) => a.start - b.start || a.end - b.end)
  const header = {
    metadata: parseMetadata(metadata, errors),
    tensors: new Map<string, SafetensorsEntry>(tensors),
    dataOffset,
  }
  const end = options.byteLength ?? bytes.length
  assertCovering(header.tensors, { start: dataOffset, end }, errors)
  return header
}

function decodeUtf8(bytes: Uint8Array, { malformed }: FormatErrors): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw malformed('its header is not UTF-8', { cause })
  }
}

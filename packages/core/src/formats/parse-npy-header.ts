import { type FormatErrors, formatErrors, type ParseOptions } from './format-errors.js'
import { parseNpyDictionary } from './npy-dictionary.js'
import { type NpyHeader, npyLimits, npyMagic, npyNames } from './npy-header.js'
import { bytesPerValue, countValues, type ElementType } from './tensor-bytes.js'

const typesByName = new Map(
  Object.entries(npyNames).map(([type, name]) => [name, type as ElementType]),
)

/** Where header text starts and ends, by the format's version. */
function textRange(bytes: Uint8Array, { malformed, tooLarge, unsupported }: FormatErrors) {
  if (npyMagic.some((byte, at) => bytes[at] !== byte)) {
    throw malformed('it does not start with the npy magic', {
      remedy: 'If these are raw values, read them as such and say their type and shape.',
    })
  }
  const version = bytes[6]
  const start = version === 1 ? 10 : 12
  if (bytes.length < start) throw malformed('it ends within its header')
  if (version !== 1 && version !== 2 && version !== 3) {
    throw unsupported(`format version ${version}`, 'Save it again with numpy.save.', version)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = start + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true))
  if (end > npyLimits.headerBytes) throw tooLarge(`a header of ${end} bytes`, end)
  if (bytes.length < end) throw malformed('it ends within its header')
  return { start, end }
}

function elementType(description: string, { unsupported }: FormatErrors): ElementType {
  const type = typesByName.get(description.slice(1))
  if (type !== undefined && '<>|='.includes(description.charAt(0))) return type
  throw unsupported(
    `values of type ${JSON.stringify(description)}`,
    'Convert it to float32 with numpy.ndarray.astype.',
    description,
  )
}

function assertShape(
  shape: readonly number[],
  type: ElementType,
  { tooLarge }: FormatErrors,
): void {
  if (shape.length > npyLimits.dimensions) {
    throw tooLarge(`${shape.length} dimensions`, shape.length)
  }
  const excess = shape.find((length) => length > npyLimits.length)
  if (excess !== undefined) throw tooLarge(`a dimension of ${excess}`, excess)
  if (!Number.isSafeInteger(countValues(shape) * bytesPerValue(type))) {
    throw tooLarge(`the shape (${shape.join(', ')})`, shape)
  }
}

/**
 * Reads the header of an npy file, versions 1 to 3 (NumPy enhancement proposal 1).
 *
 * @param bytes the file, or its first `npyLimits.headerBytes`
 * @throws AssayError `MALFORMED_NPY`, `UNSUPPORTED_FORMAT` (another element type), `LIMIT_EXCEEDED`
 */
export function parseNpyHeader(bytes: Uint8Array, options: ParseOptions = {}): NpyHeader {
  const errors = formatErrors('npy', 'MALFORMED_NPY', options)
  const { start, end } = textRange(bytes, errors)
  const { description, fortranOrder, shape } = parseNpyDictionary(
    new TextDecoder().decode(bytes.subarray(start, end)),
    errors,
  )
  const type = elementType(description, errors)
  assertShape(shape, type, errors)
  const dataLength = countValues(shape) * bytesPerValue(type)
  const bigEndian = description.startsWith('>')
  return { type, shape, fortranOrder, bigEndian, dataOffset: end, dataLength }
}

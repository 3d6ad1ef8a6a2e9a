import type { FormatErrors } from './format-errors.js'

/** The dictionary in an npy header. */
export interface NpyDictionary {
  /** Byte order and element type, for instance `<f4`. */
  readonly description: string
  readonly fortranOrder: boolean
  readonly shape: readonly number[]
}

/** A key with its value: a text, a truth value, a tuple, or a list (of a structured type). */
const entry =
  /\s*(?:'(\w+)'|"(\w+)")\s*:\s*(?:'([^'\\]*)'|"([^"\\]*)"|(True|False)|\(([^()]*)\)|(\[)[\s\S]*)\s*(?:,\s*|$)/y

interface Value {
  readonly text: string | undefined
  readonly truth: string | undefined
  readonly tuple: string | undefined
  readonly list: string | undefined
}

function parseEntries(body: string, { malformed }: FormatErrors): Map<string, Value> {
  const entries = new Map<string, Value>()
  const next = new RegExp(entry)
  const end = body.trimEnd().length
  for (let at = 0; at < end; at = next.lastIndex) {
    const match = next.exec(body)
    if (match === null) throw malformed('its header is not a Python dictionary')
    const [, single, double, text, quoted, truth, tuple, list] = match
    const key = String(single ?? double)
    if (entries.has(key)) throw malformed(`its header has the key ${key} twice`)
    entries.set(key, { text: text ?? quoted, truth, tuple, list })
  }
  return entries
}

function parseShape(tuple: string, { malformed }: FormatErrors): number[] {
  const lengths = tuple.split(',').map((length) => length.trim())
  const isTuple = lengths.at(-1) === '' ? lengths.pop() === '' : lengths.length > 1
  // Python 2 wrote large numbers with an L.
  if (!isTuple || !lengths.every((length) => /^\d+L?$/.test(length))) {
    throw malformed('its shape is not a tuple of whole numbers', { value: tuple })
  }
  return lengths.map((length) => Number.parseInt(length, 10))
}

/** Reads the text of an npy header: a Python dictionary of exactly three keys. */
export function parseNpyDictionary(source: string, errors: FormatErrors): NpyDictionary {
  const { malformed, unsupported } = errors
  const text = source.trim()
  if (!(text.startsWith('{') && text.endsWith('}'))) {
    throw malformed('its header is not a Python dictionary')
  }
  const entries = parseEntries(text.slice(1, -1), errors)
  const descr = entries.get('descr')
  const truth = entries.get('fortran_order')?.truth
  const tuple = entries.get('shape')?.tuple
  if (descr?.list !== undefined) {
    throw unsupported('a structured type', 'Save each field in a file of its own.', 'list')
  }
  if (entries.size !== 3 || descr?.text === undefined || !truth || tuple === undefined) {
    throw malformed('its header does not have just descr, fortran_order and shape')
  }
  return {
    description: descr.text,
    fortranOrder: truth === 'True',
    shape: parseShape(tuple, errors),
  }
}

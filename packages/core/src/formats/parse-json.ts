import { formatErrors, type ParseOptions } from './format-errors.js'

/** What a text may have. */
interface JsonLimits {
  readonly maximumDepth: number
  readonly maximumContainers: number
}

/** Where the string that starts at `start` ends: after its closing quote. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

/** The number that starts at `start`, as far as characters of numbers go. */
function numberAt(text: string, start: number): string {
  let end = start + 1
  while (end < text.length && '0123456789.eE+-'.includes(text.charAt(end))) end++
  return text.slice(start, end)
}

/**
 * What makes a text dangerous or ambiguous though `JSON.parse` takes it, or null. Reads any text and
 * trusts nothing: whether it is JSON at all is for `JSON.parse` to say.
 */
function objection(text: string, { maximumDepth, maximumContainers }: JsonLimits): string | null {
  // The keys so far of each container that is open; null before the first one.
  const open: (Set<string> | null)[] = []
  let containers = 0
  let lastString: string | null = null
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '"') {
      const end = endOfString(text, at)
      lastString = text.slice(at, end)
      at = end - 1
    } else if (character >= '0' && character <= '9') {
      const number = numberAt(text, at)
      if (Number(number) === Number.POSITIVE_INFINITY) return 'a number in it is beyond float64'
      at += number.length - 1
    } else if (character === '{' || character === '[') {
      containers += 1
      if (open.push(null) > maximumDepth) return `it is nested deeper than ${maximumDepth}`
      if (containers > maximumContainers) {
        return `it has more than ${maximumContainers} objects and arrays`
      }
    } else if (character === '}' || character === ']') {
      open.pop()
    } else if (character === ':' && lastString !== null) {
      // Unescaped, so that two spellings of one key are found.
      const key = String(JSON.parse(lastString))
      lastString = null
      const keys = open.at(-1) ?? new Set()
      if (keys.has(key)) return `the key ${JSON.stringify(key)} stands twice`
      if (key === '__proto__') return 'it has a key "__proto__"'
      if (open.length > 0) open[open.length - 1] = keys.add(key)
    }
  }
  return null
}

/**
 * `JSON.parse` for text from elsewhere: refuses nesting beyond a limit, a key that stands twice in
 * one object, `__proto__`, numbers beyond float64, which would become infinite, and more objects and arrays
 * than a limit: millions of empty ones take `JSON.parse` half a minute and gigabytes.
 *
 * @param options.maximumDepth objects and arrays that may lie within each other. Default: 64
 * @param options.maximumContainers objects and arrays in all. Default: 2^22, which take about a second
 * @throws AssayError `MALFORMED_JSON`
 */
export function parseJson(text: string, options: ParseOptions & Partial<JsonLimits> = {}): unknown {
  const { maximumDepth = 64, maximumContainers = 2 ** 22 } = options
  const { malformed } = formatErrors('JSON', 'MALFORMED_JSON', options)
  let reason: string | null
  let value: unknown
  try {
    reason = objection(text, { maximumDepth, maximumContainers })
    value = reason === null ? JSON.parse(text) : null
  } catch (cause) {
    throw malformed('it breaks the grammar', { cause })
  }
  if (reason !== null) throw malformed(reason)
  return value
}

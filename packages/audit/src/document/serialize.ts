/** Decimal digits that a stored figure keeps: more would differ between builds of the runtime. */
const SIGNIFICANT_DIGITS = 9

const rounded = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && Number.isFinite(value) && !Number.isInteger(value)
    ? Number(value.toPrecision(SIGNIFICANT_DIGITS))
    : value

/** JSON with floats at 9 significant digits, indented, with a final line break. */
export function serializeDocument(document: unknown): string {
  return `${JSON.stringify(document, rounded, 2)}\n`
}

/** One line of JSON with floats at 9 significant digits. */
export function serializeLine(record: unknown): string {
  return `${JSON.stringify(record, rounded)}\n`
}

/** JSON with sorted keys and no white space: equal values give equal text, so that it can be hashed. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => sorted(rounded(key, inner)))
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

import { AssayError } from '@assay/core'
import { parseJson } from '@assay/core/formats'

/** What a file beside a picture says, or why it says nothing. */
export type Sidecar<Content> = { readonly content: Content } | { readonly fault: string }

/** Objects and arrays that may lie within each other. */
const deepestNesting = 32

/** UTF-8 text, without the line end that editors add. */
export function parseText(bytes: Uint8Array): Sidecar<string> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return { content: text.replace(/\r?\n$/, '') }
  } catch {
    return { fault: 'is not UTF-8' }
  }
}

/** A JSON object: no key twice, no `__proto__`, nothing nested without end. */
export function parseMetadata(bytes: Uint8Array): Sidecar<Readonly<Record<string, unknown>>> {
  const text = parseText(bytes)
  if ('fault' in text) return text
  try {
    const value = parseJson(text.content, { maximumDepth: deepestNesting })
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? { content: value as Record<string, unknown> } : { fault: 'is no JSON object' }
  } catch (error) {
    const why = AssayError.isInstance(error) ? error.message.replace(/^.*?: |\.$/g, '') : ''
    return { fault: `is no JSON${why && `: ${why}`}` }
  }
}

import { z } from 'zod'
import { jsonOf } from './read-json.js'
import type { ServiceAnswer } from './send.js'
import type { ServiceAccess } from './service-access.js'

/** Characters of a service's words that are told on. */
const MOST_CHARACTERS = 300

const text = z.string().min(1).catch('')

/** Where services put their words: OpenAI, ComfyUI; Hugging Face; Automatic1111 and FastAPI. */
const errorSchema = z.object({
  error: z.union([z.object({ message: text }), text]).catch(''),
  errors: text,
  detail: text,
  message: text,
})

/** What a service says of a failure, as one short line without secrets; null where it says nothing. */
export function wordsOf(access: ServiceAccess, { headers, body }: ServiceAnswer): string | null {
  const parsed = errorSchema.safeParse(jsonOf(body))
  if (parsed.success) {
    const { error, errors, detail, message } = parsed.data
    const inner = typeof error === 'string' ? '' : error.message
    const outer = typeof error === 'string' ? error : ''
    return oneLine(access, inner || errors || detail || message || outer)
  }
  const isPlain = headers['content-type']?.startsWith('text/plain') ?? false
  return isPlain ? oneLine(access, body.toString('utf8')) : null
}

/** A short line for errors and reasons: no secrets, no control characters. */
export function oneLine({ redact }: ServiceAccess, words: string): string | null {
  const line = redact(words)
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
  const short = line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}…` : line
  return short === '' ? null : short.replace(/\.$/, '')
}

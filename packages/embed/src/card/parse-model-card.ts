import { AssayError, closestName } from '@assay/core'
import { z } from 'zod'
import { cardContradictions } from './card-contradictions.js'
import { type ModelCard, modelCardSchema } from './model-card.js'

/**
 * A checked card.
 *
 * @param file path of the card, for errors
 * @throws AssayError `MODEL_CARD_INVALID`, which names the place in the card and, for an unknown key,
 *   the key that was probably meant
 */
export function parseModelCard(value: unknown, file: string): ModelCard {
  const parsed = modelCardSchema.safeParse(value)
  if (!parsed.success) throw formError(parsed.error, file)
  for (const contradiction of cardContradictions(parsed.data)) {
    throw cardError({ file, reason: contradiction, remedy: 'Make the parts of the card agree.' })
  }
  return parsed.data
}

interface CardFault {
  readonly file: string
  readonly reason: string
  readonly remedy: string
  readonly value?: unknown
  readonly cause?: unknown
}

const cardError = ({ file, reason, remedy, value, cause }: CardFault): AssayError =>
  new AssayError({
    code: 'MODEL_CARD_INVALID',
    message: `The model card ${file} is wrong: ${reason}.`,
    value,
    remedy,
    location: { file },
    cause,
  })

function formError(cause: z.ZodError, file: string): AssayError {
  const [issue] = cause.issues
  const place = issue?.path.map(String).join('.') ?? ''
  if (issue?.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? ''
    const meant = closestName(key, knownKeys)
    const remedy = meant === null ? 'Remove it.' : `Did you mean "${meant}"?`
    const where = place === '' ? '' : ` in ${place}`
    return cardError({
      file,
      reason: `"${key}"${where} is no key of a card`,
      remedy,
      value: key,
      cause,
    })
  }
  const reason = `${place === '' ? 'the whole' : place}: ${issue?.message}`
  return cardError({
    file,
    reason,
    remedy: 'Correct it; the README of @assay/embed tells the form of a card.',
    cause,
  })
}

/** Every key that stands anywhere in a card. */
const knownKeys: readonly string[] = [
  ...new Set(keysOf(z.toJSONSchema(modelCardSchema, { io: 'input' }))),
]

function keysOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const own = 'properties' in schema ? Object.keys(schema.properties ?? {}) : []
  return [...own, ...Object.values(schema).flatMap(keysOf)]
}

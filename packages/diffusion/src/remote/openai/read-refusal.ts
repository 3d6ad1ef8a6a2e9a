import { z } from 'zod'
import { jsonOf } from '../http/read-json.js'
import type { ServiceAnswer } from '../http/send.js'
import type { ServiceAccess } from '../http/service-access.js'
import { serviceError } from '../http/service-error.js'
import { wordsOf } from '../http/words-of.js'

/** Codes that mean: the prompt or the picture is not allowed. */
const refusals = new Set(['content_policy_violation', 'moderation_blocked', 'content_filter'])

/** Codes that mean: not before somebody pays. They come with statuses that mean: later. */
const unpaid = new Set(['insufficient_quota', 'billing_hard_limit_reached'])

const errorSchema = z.object({ error: z.object({ code: z.string() }) })

/**
 * The words of a refusal by the content filter; null for any other answer.
 *
 * @throws AssayError `ACCESS_DENIED` where the account is used up
 */
export function readRefusal(access: ServiceAccess, answer: ServiceAnswer): string | null {
  if (answer.status < 400) return null
  const parsed = errorSchema.safeParse(jsonOf(answer.body))
  if (!parsed.success) return null
  const { code } = parsed.data.error
  const words = wordsOf(access, answer) ?? 'no reason given'
  if (unpaid.has(code)) {
    throw serviceError(access, {
      code: 'ACCESS_DENIED',
      reason: `draws no more on this account: ${words}`,
      remedy: 'Raise the limit of the account, or use another key.',
    })
  }
  return refusals.has(code) ? `${code}: ${words}` : null
}

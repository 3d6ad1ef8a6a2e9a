import { parseJson } from '@assay/core/formats'
import type { z } from 'zod'
import type { ServiceAnswer } from './send.js'
import type { ServiceAccess } from './service-access.js'
import { serviceError } from './service-error.js'

/** Objects and arrays within each other; workflows that come back are the deepest. */
const MOST_DEPTH = 32

/** The value of a body that should be JSON; undefined where it is not, or not to be trusted. */
export function jsonOf(body: Buffer): unknown {
  try {
    return parseJson(body.toString('utf8'), { maximumDepth: MOST_DEPTH })
  } catch {
    return undefined
  }
}

/** @throws AssayError `NETWORK_FAILED` where the answer is no JSON of this form */
export function readJson<Schema extends z.ZodType>(
  access: ServiceAccess,
  { headers, body }: ServiceAnswer,
  schema: Schema,
): z.output<Schema> {
  const value = jsonOf(body)
  const parsed = value === undefined ? null : schema.safeParse(value)
  if (parsed?.success) return parsed.data
  const type = headers['content-type'] ?? 'no content type'
  const place = parsed?.error.issues[0]?.path.join('.')
  throw serviceError(access, {
    reason: parsed
      ? `answered in another form than its interface has (at "${place}")`
      : `answered with something that is no JSON (${type})`,
    remedy: `Check that ${access.service} is what answers there, and no login page of your network.`,
  })
}

import { AssayError, closestName } from '@assay/core'
import type { z } from 'zod'

/**
 * Parses what a user wrote.
 *
 * @param name what it is called in messages, for instance `configuration`
 * @throws AssayError `CONFIG_UNKNOWN_KEY` with the nearest known key; `CONFIG_INVALID` for a wrong value
 */
export function parseOptions<Schema extends z.ZodObject>(
  schema: Schema,
  value: unknown,
  name: string,
): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  if (issue?.code === 'unrecognized_keys') {
    throw unknownKey(issue.keys[0] ?? '', Object.keys(schema.shape), name)
  }
  throw invalid(issue, name)
}

function unknownKey(key: string, known: readonly string[], name: string): AssayError {
  const closest = closestName(key, known)
  return new AssayError({
    code: 'CONFIG_UNKNOWN_KEY',
    message: `The ${name} has no key "${key}".`,
    value: key,
    remedy: closest ? `Did you mean "${closest}"?` : `Known keys: ${known.join(', ')}.`,
  })
}

function invalid(issue: z.core.$ZodIssue | undefined, name: string): AssayError {
  const path = issue?.path.join('.') ?? ''
  return new AssayError({
    code: 'CONFIG_INVALID',
    message: `The ${name} is wrong${path && ` at "${path}"`}: ${issue?.message}.`,
    value: issue?.input,
    remedy: 'Mend that value; `assay explain ID` tells the options of an audit.',
  })
}

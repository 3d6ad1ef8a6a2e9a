import { AssayError } from '../errors/assay-error.js'
import { closestName } from '../errors/closest-name.js'

/** What is wrong with a value, in the form of zod. */
interface SchemaIssue {
  readonly code?: string | undefined
  readonly keys?: readonly string[]
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly input?: unknown
}

/** A schema of an object with known keys, such as a `z.strictObject` of zod. */
export interface OptionsSchema<Options> {
  readonly shape: Readonly<Record<string, unknown>>
  safeParse(
    value: unknown,
  ):
    | { readonly success: true; readonly data: Options }
    | { readonly success: false; readonly error: { readonly issues: readonly SchemaIssue[] } }
}

/**
 * Parses what a user wrote and fills in defaults.
 *
 * @param name what it is called in messages, for instance `configuration`
 * @throws AssayError `CONFIG_UNKNOWN_KEY` with the nearest known key; `CONFIG_INVALID` for a wrong value
 */
export function parseOptions<Options>(
  schema: OptionsSchema<Options>,
  value: unknown,
  name: string,
): Options {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  if (issue?.code === 'unrecognized_keys') {
    throw unknownKey(issue.keys?.[0] ?? '', Object.keys(schema.shape), name)
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

function invalid(issue: SchemaIssue | undefined, name: string): AssayError {
  const path = issue?.path.join('.') ?? ''
  return new AssayError({
    code: 'CONFIG_INVALID',
    message: `The ${name} is wrong${path && ` at "${path}"`}: ${issue?.message}.`,
    value: issue?.input,
    remedy: 'Mend that value; `assay explain ID` tells the options of an audit.',
  })
}

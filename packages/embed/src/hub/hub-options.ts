import { AssayError } from '@assay/core'
import type { HubAccess } from './network/get-from-hub.js'
import type { RetryRules } from './network/retrying.js'
import { defaultHub, type ResolveHost, urlRules } from './network/url-rules.js'

/** How a hub is reached. */
export interface HubOptions {
  /** Address of a hub of the Hugging Face kind. Default: `https://huggingface.co`. */
  readonly hub?: string
  /** Access token; sent to the hub only, and only over https or to this machine. Default: none. */
  readonly token?: string | null
  /** Seconds after which a transfer counts as stalled where less than 1,024 bytes came. Default: 30. */
  readonly stallSeconds?: number
  /** Attempts in a row that may fail after the first one. Default: 5. */
  readonly retries?: number
  /** Seconds before the second attempt; doubled before each further one, up to 30. Default: 1. */
  readonly backOffSeconds?: number
  readonly signal?: AbortSignal
  /** Finds the addresses of a host. Default: what the system knows. */
  readonly resolve?: ResolveHost
}

/** Everything that a request needs. */
export type Access = HubAccess & RetryRules

/** @throws AssayError `INVALID_ARGUMENT` for a hub that is no URL, or a token that is none */
export function hubAccess(options: HubOptions): Access {
  const { hub = defaultHub, token = null, stallSeconds = 30, resolve, ...rules } = options
  if (!URL.canParse(hub) || !/^https?:$/.test(new URL(hub).protocol)) {
    throw wrong(hub, `The hub "${hub}" is no address.`, 'Give one that begins with https://.')
  }
  if (token !== null && !/^[\x21-\x7e]+$/.test(token)) {
    throw wrong(null, 'The access token is none.', 'Copy it again, without spaces.')
  }
  const { signal } = rules
  return { ...rules, signal, rules: urlRules(new URL(hub), resolve), token, stallSeconds }
}

const wrong = (value: unknown, message: string, remedy: string) =>
  new AssayError({ code: 'INVALID_ARGUMENT', message, value, remedy })

/** A URL under the hub, which may itself lie under a path; each part is escaped. */
export function hubUrl(hub: URL, ...parts: readonly string[]): URL {
  const base = hub.href.replace(/[?#].*$/, '').replace(/\/*$/, '')
  return new URL([base, ...parts.map(encodeURIComponent)].join('/'))
}

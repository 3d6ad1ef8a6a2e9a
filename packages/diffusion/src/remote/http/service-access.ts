import { AssayError } from '@assay/core'
import type { ServiceOptions } from './service-options.js'

/** Everything that a request to a service needs; holds the secrets, and is never shown. */
export interface ServiceAccess
  extends Required<
    Pick<
      ServiceOptions,
      | 'timeoutSeconds'
      | 'stallSeconds'
      | 'retries'
      | 'backOffSeconds'
      | 'longestWaitSeconds'
      | 'answerBytes'
      | 'concurrency'
    >
  > {
  /** What errors call the service, for instance `ComfyUI`. */
  readonly service: string
  readonly base: URL
  /** Value of the Authorization header, or null. */
  readonly authorization: string | null
  readonly imageLimits: NonNullable<ServiceOptions['imageLimits']>
  /** Text of the service without the secrets, which a service may repeat. */
  redact(text: string): string
}

/** What is known of a service. */
export interface ServiceProfile {
  readonly service: string
  readonly baseUrl: string
  /** Default of `concurrency`. */
  readonly concurrency: number
  /** How the key becomes an Authorization header. */
  readonly scheme: 'Bearer' | 'Basic'
}

/**
 * @throws AssayError `INVALID_ARGUMENT` for an address, a key or a number that cannot be meant;
 *   `URL_REFUSED` where others could read the key on its way
 */
export function openService(options: ServiceOptions, profile: ServiceProfile): ServiceAccess {
  const { baseUrl = profile.baseUrl, key = null, keyOverPlainHttp = false } = options
  const base = serviceUrl(baseUrl)
  if (key !== null) assertConfidential(base, keyOverPlainHttp)
  return {
    service: profile.service,
    base,
    authorization: key === null ? null : header(key, profile.scheme),
    concurrency: atLeast(1, 'concurrency', options.concurrency ?? profile.concurrency),
    timeoutSeconds: atLeast(0, 'timeoutSeconds', options.timeoutSeconds ?? 300),
    stallSeconds: atLeast(0, 'stallSeconds', options.stallSeconds ?? 30),
    retries: atLeast(0, 'retries', options.retries ?? 4),
    backOffSeconds: atLeast(0, 'backOffSeconds', options.backOffSeconds ?? 1),
    longestWaitSeconds: atLeast(0, 'longestWaitSeconds', options.longestWaitSeconds ?? 120),
    answerBytes: atLeast(1, 'answerBytes', options.answerBytes ?? 64 * 2 ** 20),
    imageLimits: options.imageLimits ?? {},
    redact: redactor(key),
  }
}

/** @throws AssayError `INVALID_ARGUMENT` */
function serviceUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  const plain = url && url.search === '' && url.hash === ''
  if (url !== null && (url.username !== '' || url.password !== '')) {
    // The address may hold a password, so that neither it nor a part of it is told.
    throw wrong(null, 'The address of the service names a user.', 'Give the secret as `key`.')
  }
  if (plain && /^https?:$/.test(url.protocol)) return url
  const remedy = 'Give one that begins with https:// or http://, without query and fragment.'
  throw wrong(url?.origin ?? null, 'The address of the service is none.', remedy)
}

function assertConfidential(base: URL, keyOverPlainHttp: boolean): void {
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(base.hostname)
  if (base.protocol === 'https:' || isHere || keyOverPlainHttp) return
  throw new AssayError({
    code: 'URL_REFUSED',
    message: `The key was not sent to ${base.origin}: others could read it on its way.`,
    value: base.origin,
    remedy: 'Use https or a tunnel, or set `keyOverPlainHttp` in a network that you trust.',
  })
}

function header(key: string, scheme: ServiceProfile['scheme']): string {
  if (scheme === 'Basic') {
    if (key.includes(':')) return `Basic ${Buffer.from(key).toString('base64')}`
    throw wrong(
      null,
      'The key is not of the form user:password.',
      'Give both, with a colon between.',
    )
  }
  if (/^[\x21-\x7e]+$/.test(key)) return `Bearer ${key}`
  throw wrong(null, 'The key is none.', 'Copy it again, without spaces and line ends.')
}

/** Takes out the key, its base64, and the password of a key that holds one. */
function redactor(key: string | null): ServiceAccess['redact'] {
  const whole = key === null ? [] : [key, Buffer.from(key).toString('base64')]
  const password = key?.slice(key.indexOf(':') + 1) ?? ''
  const secrets = [...whole, password].filter((secret) => secret !== '')
  return (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '[key]'), text)
}

/**
 * A number option that may be meant.
 *
 * @throws AssayError `INVALID_ARGUMENT`
 */
export function atLeast(least: number, name: string, value: number): number {
  if (Number.isFinite(value) && value >= least) return value
  throw wrong(value, `\`${name}\` is ${value}.`, `Give a finite number of at least ${least}.`)
}

const wrong = (value: unknown, message: string, remedy: string) =>
  new AssayError({ code: 'INVALID_ARGUMENT', message, value, remedy })

import { lookup } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { isLoopbackAddress, isPublicAddress } from './is-public-address.js'
import { networkError, urlRefused } from './network-error.js'

/** Addresses of a host name; may be replaced in tests. */
export type ResolveHost = (
  name: string,
) => Promise<readonly { readonly address: string; readonly family: number }[]>

/** Where the files of the Hugging Face Hub are. */
export const defaultHub = 'https://huggingface.co'

/** Which URLs may be asked for. */
export interface UrlRules {
  readonly hub: URL
  /** Whether what is sent to the hub cannot be read on the way: over https, or on this machine. */
  readonly confidential: boolean
  /**
   * Refuses a URL that may not be asked for, before anything is sent, and gives the look-up that
   * refuses its host's addresses. The connection goes to the addresses that were judged, so that a
   * name cannot change its mind in between.
   *
   * @throws AssayError `URL_REFUSED`
   */
  admit(url: URL): LookupFunction
}

/**
 * Rules for a hub and whatever it redirects to: https, no user in the URL, and only public addresses.
 * A hub that the user names may itself be anywhere and use http; where it is this machine, it may
 * redirect to this machine, but to no other private address.
 */
export function urlRules(hub: URL, resolve: ResolveHost = resolveHost): UrlRules {
  const local = isLoopbackHost(hub)
  const named = hub.origin !== defaultHub
  const isAllowed = (url: URL, address: string) =>
    (named && url.origin === hub.origin) ||
    (local && isLoopbackAddress(address)) ||
    isPublicAddress(address)
  return {
    hub,
    confidential: local || hub.protocol === 'https:',
    admit(url) {
      const plain = url.origin === hub.origin || (local && isLoopbackHost(url))
      if (url.protocol !== 'https:' && !(url.protocol === 'http:' && plain)) {
        throw urlRefused(url, `it begins with ${url.protocol}// instead of https://`)
      }
      if (url.username !== '' || url.password !== '') throw urlRefused(url, 'it names a user')
      const host = hostOf(url)
      const refusal = (address: string) => urlRefused(url, `${address} is no public address`)
      if (isIP(host) !== 0 && !isAllowed(url, host)) throw refusal(host)
      return judgedLookup(url, resolve, (address) => {
        if (!isAllowed(url, address)) throw refusal(address)
      })
    },
  }
}

/** Name or address of a URL's host, IPv6 without brackets. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '')

function isLoopbackHost(url: URL): boolean {
  const host = hostOf(url)
  return host === 'localhost' || (isIP(host) !== 0 && isLoopbackAddress(host))
}

const resolveHost: ResolveHost = (name) => lookup(name, { all: true })

/** A look-up that fails where any of the addresses does not pass. */
function judgedLookup(
  url: URL,
  resolve: ResolveHost,
  judge: (address: string) => void,
): LookupFunction {
  return (name, { all }, callback) => {
    const judged = resolve(name).then((addresses) => {
      for (const { address } of addresses) judge(address)
      const [first] = addresses
      if (first) return { first, addresses: [...addresses] }
      throw networkError({ message: `${name} has no address.`, url })
    })
    judged.then(
      ({ first, addresses }) =>
        all ? callback(null, addresses) : callback(null, first.address, first.family),
      (error) => callback(error, ''),
    )
  }
}

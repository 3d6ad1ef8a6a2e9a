import { BlockList, isIPv4 } from 'node:net'

/** Networks of RFC 6890 and its registry that are not the open internet: IPv4. */
const specialIPv4: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]

/** Of IPv6 only 2000::/3 is given out for the open internet; these parts of it are not. */
const specialIPv6: readonly (readonly [network: string, prefix: number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

const special = new BlockList()
for (const [network, prefix] of specialIPv4) special.addSubnet(network, prefix, 'ipv4')
for (const [network, prefix] of specialIPv6) special.addSubnet(network, prefix, 'ipv6')

const globalUnicast = new BlockList()
globalUnicast.addSubnet('2000::', 3, 'ipv6')

const translated = new BlockList()
translated.addSubnet('64:ff9b::', 96, 'ipv6')

/** The IPv4 address that an address of NAT64 (RFC 6052) carries in its last 32 bits. */
function carriedIPv4(address: string): string {
  // The URL parser writes the last groups in hexadecimal, however they were written.
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split(':')
  const [high = 0, low = 0] = groups.slice(-2).map((group) => Number.parseInt(group || '0', 16))
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

/**
 * Whether an IP address belongs to the open internet: no private, shared, loopback, link-local,
 * multicast, documentation or reserved network, also not hidden in an IPv6 address.
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !special.check(address, 'ipv4')
  const plain = address.replace(/%.*$/, '')
  if (translated.check(plain, 'ipv6')) return isPublicAddress(carriedIPv4(plain))
  return globalUnicast.check(plain, 'ipv6') && !special.check(plain, 'ipv6')
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Whether an IP address means this machine. */
export function isLoopbackAddress(address: string): boolean {
  return loopback.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
}

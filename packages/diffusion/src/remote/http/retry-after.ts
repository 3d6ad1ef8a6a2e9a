/**
 * Seconds that a Retry-After header asks to wait: it holds a number of them or a date (RFC 9110,
 * §10.2.3). Null without one, or where it holds neither.
 */
export function retryAfter(header: string | undefined, now: number = Date.now()): number | null {
  if (header === undefined) return null
  if (/^\d{1,9}$/.test(header)) return Number(header)
  // Each of the three forms of a date begins with the day; Date.parse alone takes much more.
  const date = /^[A-Z][a-z]{2}/.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(date) ? null : Math.max(0, (date - now) / 1000)
}

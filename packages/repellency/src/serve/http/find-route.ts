/** What a request asks for. */
export type Route =
  | { readonly name: 'describe' | 'begin' }
  | { readonly name: 'evidence' | 'end' | 'commit'; readonly session: string }
  | { readonly name: 'repel' | 'step'; readonly session: string; readonly number: number }
  | { readonly name: 'freeBank'; readonly bank: string }

/** What a path stands for: a route for each method. */
type Methods = Readonly<Record<string, Route>>

/**
 * The route of a request; the methods that its path has where it is none of them; null for an unknown
 * path.
 */
export function findRoute(
  method: string,
  path: string,
): { readonly route: Route } | { readonly methods: readonly string[] } | null {
  const methods = methodsOf(path.split('/').slice(1))
  if (methods === null) return null
  const route = Object.hasOwn(methods, method) ? methods[method] : undefined
  return route ? { route } : { methods: Object.keys(methods) }
}

function methodsOf([
  version,
  kind,
  id,
  part,
  number,
  verb,
  ...more
]: readonly string[]): Methods | null {
  if (version !== 'v1' || more.length > 0) return null
  if (kind === undefined) return { GET: { name: 'describe' } }
  if (kind === 'banks') return part === undefined && id ? bankMethods(id) : null
  if (kind !== 'sessions') return null
  if (id === undefined) return { POST: { name: 'begin' } }
  if (part === undefined) {
    return { GET: { name: 'evidence', session: id }, DELETE: { name: 'end', session: id } }
  }
  if (part === 'commit' && number === undefined) return { PUT: { name: 'commit', session: id } }
  const isCall = part === 'calls' && /^\d{1,9}$/.test(number ?? '')
  if (!isCall || (verb !== 'repel' && verb !== 'step')) return null
  return { PUT: { name: verb, session: id, number: Number(number) } }
}

const bankMethods = (bank: string): Methods => ({ DELETE: { name: 'freeBank', bank } })

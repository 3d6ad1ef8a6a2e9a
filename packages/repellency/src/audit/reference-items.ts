import type { AuditContext } from '@assay/core'

/** Finds the item of a protected picture by its name: in the set of protected pictures, or among those kept to be shown. */
export function referenceItems({
  inputs,
  pictureSets,
}: AuditContext): (name: string) => string | null {
  const kept = pictureSets.get('nearest') ?? []
  const items = new Map<unknown, string>([
    ...kept.map(({ id, metadata }) => [metadata['reference'], `nearest/${id}`] as const),
    ...(inputs.protected?.items ?? []).map(({ id }) => [id, `protected/${id}`] as const),
  ])
  return (name) => items.get(name) ?? null
}

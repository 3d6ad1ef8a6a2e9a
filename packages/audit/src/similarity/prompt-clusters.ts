import type { AuditSet, Random } from '@assay/core'

/**
 * The cluster of each picture. Pictures of one prompt are not independent; one without a prompt
 * stands for itself.
 */
export function promptClusters(
  items: readonly Pick<AuditSet['items'][number], 'id' | 'prompt'>[],
): string[] {
  return items.map(({ id, prompt }) => (prompt === null ? `picture ${id}` : `prompt ${prompt}`))
}

/**
 * A group number for each picture: whole clusters, dealt in random order over at most `most` groups,
 * so that a delete-a-group jackknife leaves out prompts and not pictures.
 */
export function clusterGroups(
  clusters: readonly string[],
  { most, random }: { readonly most: number; readonly random: Random },
): number[] {
  const distinct = random.shuffle([...new Set(clusters)])
  const count = Math.min(most, distinct.length)
  const groupOf = new Map(distinct.map((cluster, index) => [cluster, index % count]))
  return clusters.map((cluster) => groupOf.get(cluster) ?? 0)
}

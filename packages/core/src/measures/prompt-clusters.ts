import type { AuditSet } from '../contracts/audit.js'
import type { Random } from '../random/random.js'
import { deleteAGroup } from '../statistics/clustered/delete-a-group.js'

/**
 * The cluster of each picture. Pictures of one prompt are not independent; one without a prompt
 * stands for itself.
 */
export function promptClusters(
  items: readonly Pick<AuditSet['items'][number], 'id' | 'prompt'>[],
): string[] {
  return items.map(({ id, prompt }) => (prompt === null ? `picture ${id}` : `prompt ${prompt}`))
}

/** Groups of whole clusters, as a delete-a-group jackknife leaves them out. */
export interface LeftOutGroups {
  /** Rows that are kept, a list for each group left out. */
  readonly kept: readonly (readonly number[])[]
  /** The group of each row. */
  readonly groups: readonly number[]
}

/** Deals clusters into at most `most` groups. */
export function leaveGroupsOut(
  clusters: readonly string[],
  { most, random }: { readonly most: number; readonly random: Random },
): LeftOutGroups {
  const kept = deleteAGroup({ clusters, random, groups: most })
  const groups = new Array<number>(clusters.length).fill(0)
  kept.forEach((rows, group) => {
    const inside = new Set(rows)
    clusters.forEach((_, row) => {
      if (!inside.has(row)) groups[row] = group
    })
  })
  return { kept, groups }
}

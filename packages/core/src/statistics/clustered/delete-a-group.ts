import type { Random } from '../../random/random.js'
import { checkAtLeast, checkNotEmpty } from '../check.js'
import { type ClusterId, groupByCluster } from './group-by-cluster.js'

export interface DeleteAGroupOptions {
  /** The cluster of each item; a cluster is never split. */
  readonly clusters: ArrayLike<ClusterId>
  /** Deals the clusters out into groups; not used where each cluster is a group of its own. */
  readonly random: Random
  /** The largest number of groups, which is how often the figure has to be computed; at least 2, default 50. */
  readonly groups?: number
}

/**
 * The samples of a delete-a-group jackknife: clusters are dealt out into groups of equal number, and each
 * sample holds the positions of all items but those of one group, in ascending order. Compute the figure
 * on each sample and hand the results to {@link jackknifeInterval}.
 *
 * @returns One sample a group: as many as `groups`, or as there are clusters, whichever is fewer.
 * @throws `EMPTY_INPUT` for no item, `INVALID_ARGUMENT` for fewer than 2 groups.
 *
 * Source: Kott (2001), The delete-a-group jackknife.
 */
export function deleteAGroup({ clusters, random, groups = 50 }: DeleteAGroupOptions): number[][] {
  checkNotEmpty(clusters.length, 'The list of clusters')
  checkAtLeast(groups, 2, 'The number of groups')
  const all = groupByCluster(clusters)
  const dealt = all.length <= groups ? all : random.shuffle(all)
  const groupOf = new Int32Array(clusters.length)
  for (const [turn, members] of dealt.entries()) {
    for (const index of members) groupOf[index] = turn % groups
  }
  const positions = Array.from(groupOf.keys())
  return Array.from({ length: Math.min(groups, all.length) }, (_, left) =>
    positions.filter((index) => groupOf[index] !== left),
  )
}

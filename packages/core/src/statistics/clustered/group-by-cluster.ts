/** What names a cluster, for instance a prompt or its identifier. */
export type ClusterId = string | number

/** The positions of the items of each cluster, clusters in the order they first appear in. */
export function groupByCluster(clusters: ArrayLike<ClusterId>): number[][] {
  const groups = new Map<ClusterId, number[]>()
  for (let index = 0; index < clusters.length; index += 1) {
    const id = clusters[index]!
    const group = groups.get(id)
    if (group === undefined) groups.set(id, [index])
    else group.push(index)
  }
  return [...groups.values()]
}

import { selectRows } from '@assay/core'
import { vendiScore } from '@assay/metrics'
import { jackknifedMeasure } from './jackknifed-measure.js'
import { clusterGroups } from './prompt-clusters.js'
import type { SimilarityInput, SimilarityPart } from './similarity-part.js'

/** How many different pictures the outputs amount to. */
export function outputDiversity({
  context,
  clusters,
  missing,
  options,
}: SimilarityInput): SimilarityPart {
  const { embeddings } = context.inputs.outputs
  const groups = clusterGroups(clusters, {
    most: options.groups,
    random: context.random.fork('vendi'),
  })
  const withoutGroup = (left: number) => {
    const kept = groups.flatMap((group, row) => (group === left ? [] : row))
    return vendiScore(selectRows(embeddings, kept))
  }
  const count = new Set(groups).size
  const measure = jackknifedMeasure({
    id: 'vendi',
    estimate: vendiScore(embeddings),
    withoutGroups:
      count < 2 ? [] : Array.from({ length: count }, (_, group) => withoutGroup(group)),
    n: embeddings.rows,
    missing,
    level: options.level,
    range: [1, embeddings.rows],
  })
  return { measures: [measure] }
}

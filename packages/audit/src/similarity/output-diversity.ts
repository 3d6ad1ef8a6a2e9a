import { selectRows } from '@assay/core'
import { type AuditPart, jackknifedMeasure, leaveGroupsOut } from '@assay/core/measures'
import { vendiScore } from '@assay/metrics'
import type { SimilarityInput } from './similarity-input.js'
import { similarityMeta } from './similarity-meta.js'

/** How many different pictures the outputs amount to. */
export function outputDiversity(input: SimilarityInput): AuditPart {
  const { context, clusters, missing, options } = input
  const { embeddings } = context.inputs.outputs
  const random = context.random.fork('vendi')
  const { kept } = leaveGroupsOut(clusters, { most: options.groups, random })
  const measure = jackknifedMeasure(similarityMeta, {
    id: 'vendi',
    estimate: vendiScore(embeddings),
    leaveOneOut:
      kept.length < 2 ? [] : kept.map((rows) => vendiScore(selectRows(embeddings, rows))),
    n: embeddings.rows,
    missing,
    level: options.level,
    range: [1, embeddings.rows],
  })
  return { measures: [measure] }
}

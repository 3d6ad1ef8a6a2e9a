import type { Measure } from '@assay/core'
import { absentMeasure, clusteredMean, clusteredShare } from '@assay/core/measures'
import type { EmbeddingCertificate } from '../certificates/embedding-certificate.js'
import type { ConceptDecision } from '../filter/concept-decision.js'
import type { ConceptFilter } from '../filter/concept-filter.js'
import { conceptFilterMeta } from './concept-filter-meta.js'

/** What the measures of the audit are made from. */
export interface CheckedOutputs {
  readonly filter: ConceptFilter
  readonly decisions: readonly ConceptDecision[]
  /** Of all pairs together, one a decision. */
  readonly certificates: readonly EmbeddingCertificate[]
  /** Cluster of each output: its prompt, or itself where it has none. */
  readonly clusters: readonly string[]
  /** Outputs without an embedding. */
  readonly missing: number
  readonly level: number
}

/** The measures of the audit. */
export function conceptFilterMeasures(checked: CheckedOutputs): readonly Measure[] {
  const { filter, decisions, clusters, missing, level } = checked
  const flagged = (outcomes: readonly boolean[]) =>
    clusteredShare(conceptFilterMeta, { id: 'flagged', outcomes, clusters, missing, level })
  return [
    flagged(decisions.map((decision) => decision.flagged)),
    ...filter.pairs.map(({ id }, at) => ({
      ...flagged(decisions.map(({ pairs }) => pairs[at]?.flagged === true)),
      group: id,
    })),
    passedRadius(checked),
    withinDrift(checked),
  ]
}

/** Where no noise changes the decision the embedding's own length counts: more would be another picture. */
function passedRadius({ certificates, clusters, missing, level }: CheckedOutputs): Measure {
  const passed = certificates.flatMap(({ flagged }, at) => (flagged ? [] : [at]))
  return clusteredMean(conceptFilterMeta, {
    id: 'passed-radius',
    values: passed.map((at) => Math.min(1, certificates[at]?.relativeRadius ?? 1)),
    clusters: passed.map((at) => clusters[at] ?? String(at)),
    range: [0, 1],
    missing,
    level,
  })
}

function withinDrift(checked: CheckedOutputs): Measure {
  const { filter, certificates, clusters, missing, level } = checked
  const id = 'within-drift'
  if (filter.drift === 0) {
    return absentMeasure(conceptFilterMeta, {
      id,
      missing: missing + certificates.length,
      reason: 'Neither the options nor the filter tell how far the encoder drifts.',
    })
  }
  const outcomes = certificates.map(({ reasons }) => reasons.includes('DRIFT_REACHES_RADIUS'))
  return clusteredShare(conceptFilterMeta, { id, outcomes, clusters, missing, level })
}

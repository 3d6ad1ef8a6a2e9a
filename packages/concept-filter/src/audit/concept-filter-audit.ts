import type { Audit, AuditResult } from '@assay/core'
import { parseOptions } from '@assay/core/formats'
import { absentMeasure, promptClusters } from '@assay/core/measures'
import { certify } from '../certificates/certify.js'
import type { ConceptFilter } from '../filter/concept-filter.js'
import { auditedFilter } from './audited-filter.js'
import { conceptFilterFindings } from './concept-filter-findings.js'
import { type CheckedOutputs, conceptFilterMeasures } from './concept-filter-measures.js'
import { conceptFilterMeta } from './concept-filter-meta.js'
import {
  type ConceptFilterAuditOptions,
  conceptFilterOptionsSchema,
} from './concept-filter-options.js'
import { standingCurve } from './standing-curve.js'

/** Whether the outputs show what they must not, and how near each decision is to changing. */
export const conceptFilterAudit: Audit<ConceptFilterAuditOptions> = {
  specificationVersion: 1,
  meta: conceptFilterMeta,
  needs: ['outputs', 'text-encoder'],
  parseOptions: (options) =>
    parseOptions(conceptFilterOptionsSchema, options, conceptFilterMeta.id),
  files: ({ filter }) => (filter === undefined ? [] : [filter]),
  async run(context, options) {
    const { items, embeddings, failures } = context.inputs.outputs
    if (namesNothing(options)) return notApplicable(items.length + failures.length)
    const filter = await auditedFilter(context, options)
    const checked: CheckedOutputs = {
      filter,
      decisions: filter.check(embeddings),
      certificates: certify(filter, embeddings),
      clusters: promptClusters(items),
      missing: failures.length,
      level: options.level,
    }
    return {
      id: conceptFilterMeta.id,
      status: 'informative', // Nothing is gated yet, so nothing has passed or failed.
      measures: conceptFilterMeasures(checked),
      curves: [standingCurve(checked)],
      findings: conceptFilterFindings(checked, items),
      warnings: warningsOf(filter),
      items: itemScores(checked),
    }
  },
}

const namesNothing = ({ pairs, filter }: ConceptFilterAuditOptions) =>
  pairs.length === 0 && filter === undefined

/** What outputs must not show is for their owner to say. */
function notApplicable(missing: number): AuditResult {
  const message = 'The options name neither concept pairs nor a filter.'
  return {
    id: conceptFilterMeta.id,
    status: 'notApplicable',
    measures: conceptFilterMeta.measures.map(({ id }) =>
      absentMeasure(conceptFilterMeta, { id, missing, reason: message }),
    ),
    findings: [],
    warnings: [{ code: 'MISSING_INPUT', count: 1, message }],
    items: [],
  }
}

function warningsOf({ pairs }: ConceptFilter): AuditResult['warnings'] {
  const given = pairs.filter(({ provenance }) => provenance.threshold === 'given')
  if (given.length === 0) return []
  return [
    {
      code: 'NOT_CALIBRATED',
      count: given.length,
      message: `The thresholds of ${given.map(({ id }) => id).join(', ')} were not calibrated: how many clean outputs they flag is not known.`,
    },
  ]
}

/** For each output the margin of every pair, and how far its decision is from changing. */
const itemScores = ({ decisions, certificates }: CheckedOutputs): AuditResult['items'] =>
  decisions.map(({ id, flagged, strongest, pairs }, at) => ({
    id,
    scores: {
      decision: flagged ? 'flagged' : 'passed',
      strongest,
      ...Object.fromEntries(pairs.map(({ pairId, margin }) => [`margin:${pairId}`, margin])),
      relativeRadius: certificates[at]?.relativeRadius ?? null,
    },
  }))

import type { AuditSet, Finding } from '@assay/core'
import type { ConceptDecision, PairDecision } from '../filter/concept-decision.js'
import type { CheckedOutputs } from './concept-filter-measures.js'

/** Flagged outputs, farthest beyond a threshold first. */
export function conceptFilterFindings(
  { decisions, certificates }: Pick<CheckedOutputs, 'decisions' | 'certificates'>,
  items: AuditSet['items'],
): Finding[] {
  return decisions
    .map((decision, at) => ({ decision, certificate: certificates[at], item: items[at] }))
    .filter(({ decision }) => decision.flagged)
    .sort((one, other) => excess(other.decision) - excess(one.decision))
    .map(({ decision, certificate, item }) => ({
      id: `flagged:${decision.id}`,
      title: `Flagged: ${flagging(decision)
        .map(({ pairId }) => pairId)
        .join(', ')}`,
      severity: 'medium',
      items: [`outputs/${decision.id}`],
      evidence: {
        prompt: item?.prompt ?? null,
        ...farthest(decision),
        relativeRadius: certificate?.relativeRadius ?? null,
      },
    }))
}

const flagging = ({ pairs }: ConceptDecision): readonly PairDecision[] =>
  pairs.filter(({ flagged }) => flagged)

/** Of the pair that is farthest beyond its threshold. */
function farthest(decision: ConceptDecision) {
  const [first] = [...flagging(decision)].sort((one, other) => one.rank - other.rank)
  return first && { margin: first.margin, threshold: first.threshold, confidence: first.confidence }
}

/** How far the margin is above the threshold, of the pair that is farthest. */
const excess = (decision: ConceptDecision): number =>
  Math.max(...flagging(decision).map(({ margin, threshold }) => margin - threshold))

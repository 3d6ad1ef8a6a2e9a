import { boundaryAngle, conceptAngle } from '../certificates/boundary-angle.js'
import { afterDrift } from '../certificates/certified-condition.js'
import { exactRadius } from '../certificates/exact-radius.js'
import { lipschitzRadius } from '../certificates/lipschitz-radius.js'
import { paperRadius } from '../certificates/paper-radius.js'
import type { ConceptPair } from '../pairs/concept-pair.js'
import { conceptConfidence } from '../score/concept-confidence.js'
import { type ConceptDirection, conceptDirection } from '../score/concept-direction.js'
import type { DecisionRadius, NullReason, PairDecision } from './concept-decision.js'

/** A pair with what does not depend on the picture. */
export interface PreparedPair {
  readonly pair: ConceptPair
  readonly direction: ConceptDirection
  /** The threshold as a confidence. */
  readonly thresholdConfidence: number
  readonly boundary: number | null
  readonly reasons: readonly NullReason[]
}

/** Works out what does not depend on the picture. */
export function preparePair(pair: ConceptPair, relevanceFloor: number | null): PreparedPair {
  const direction = conceptDirection(pair)
  const boundary = boundaryAngle(pair.threshold, direction.length)
  return {
    pair,
    direction,
    thresholdConfidence: conceptConfidence(pair.threshold, pair, direction.length),
    boundary,
    reasons: [
      ...(boundary === null ? (['CONSTANT_DECISION'] as const) : []),
      ...(pair.scoreForm === 'softmax' ? [] : (['OTHER_SCORE_FORM'] as const)),
      ...(relevanceFloor === null ? (['NO_RELEVANCE_FLOOR'] as const) : []),
    ],
  }
}

/** What a pair decides from. */
export interface PairEvidence {
  readonly margin: number
  readonly rank: number
  readonly relevance: number | null
  readonly relevant: boolean | null
  /** Length of the embedding. */
  readonly norm: number
  /** Drift in the unit of the embedding. */
  readonly noise: number
}

/** What a pair says of a picture. */
export function decidePair(prepared: PreparedPair, evidence: PairEvidence): PairDecision {
  const { pair, direction, boundary, reasons } = prepared
  const { margin, rank, relevance, relevant } = evidence
  const confidence = conceptConfidence(margin, pair, direction.length)
  const angle = conceptAngle(margin, direction.length)
  return {
    pairId: pair.id,
    flagged: margin > pair.threshold && relevant !== false,
    margin,
    logit: margin * pair.logitScale,
    confidence,
    threshold: pair.threshold,
    rank,
    angle,
    angularRadius: boundary === null ? null : Math.abs(boundary - angle),
    radius: decisionRadius(prepared, { confidence, angle }, evidence),
    relevance,
    relevant,
    reasons,
  }
}

function decisionRadius(
  { pair, direction, thresholdConfidence, boundary }: PreparedPair,
  { confidence, angle }: Pick<PairDecision, 'confidence' | 'angle'>,
  { norm, noise }: PairEvidence,
): DecisionRadius {
  const exact = boundary === null ? null : afterDrift(exactRadius(angle, boundary, norm), noise)
  if (pair.scoreForm !== 'softmax') return { paper: null, lipschitz: null, exact }
  const margin = {
    confidenceMargin: Math.abs(confidence - thresholdConfidence),
    logitScale: pair.logitScale,
    norm,
  }
  return {
    paper: afterDrift(paperRadius(margin), noise),
    lipschitz: afterDrift(lipschitzRadius(margin, direction.length), noise),
    exact,
  }
}

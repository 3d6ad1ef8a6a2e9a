import { boundaryAngle, conceptAngle } from '../certificates/boundary-angle.js'
import { exactRadius } from '../certificates/exact-radius.js'
import { lipschitzRadius } from '../certificates/lipschitz-radius.js'
import { paperRadius } from '../certificates/paper-radius.js'
import type { ConceptPair } from '../pairs/concept-pair.js'
import { conceptConfidence } from '../score/concept-confidence.js'
import type { ConceptDirection } from '../score/concept-direction.js'
import type { DecisionRadius, NullReason, PairDecision } from './concept-decision.js'

/** A pair with what does not depend on the picture. */
export interface PreparedPair {
  readonly pair: ConceptPair
  readonly direction: ConceptDirection
  /** The threshold as a confidence. */
  readonly thresholdConfidence: number
  readonly boundary: number | null
}

/** Works out what does not depend on the picture. */
export function preparePair(pair: ConceptPair, direction: ConceptDirection): PreparedPair {
  return {
    pair,
    direction,
    thresholdConfidence: conceptConfidence(pair.threshold, pair, direction.length),
    boundary: boundaryAngle(pair.threshold, direction.length),
  }
}

interface PictureParts {
  readonly margin: number
  readonly rank: number
  readonly norm: number
  /** Drift in the unit of the embedding. */
  readonly noise: number
  readonly relevanceFloor: number | null
  readonly cosine: (vector: Float64Array) => number
}

/** What a pair says of a picture. */
export function decidePair(prepared: PreparedPair, picture: PictureParts): PairDecision {
  const { pair, direction, boundary } = prepared
  const { margin, rank, relevanceFloor, cosine } = picture
  const confidence = conceptConfidence(margin, pair, direction.length)
  const angle = conceptAngle(margin, direction.length)
  const relevance =
    relevanceFloor === null
      ? null
      : Math.max(cosine(pair.unacceptable.vector), cosine(pair.acceptable.vector))
  const relevant = relevance === null ? null : relevance >= (relevanceFloor ?? 0)
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
    radius: decisionRadius(prepared, { ...picture, confidence, angle }),
    relevance,
    relevant,
    reasons: reasonsFor(prepared, relevance),
  }
}

function decisionRadius(
  { pair, direction, thresholdConfidence, boundary }: PreparedPair,
  picture: PictureParts & { readonly confidence: number; readonly angle: number },
): DecisionRadius {
  const { norm, noise, confidence, angle } = picture
  const afterDrift = (radius: number) => Math.max(0, radius - noise)
  const exact = boundary === null ? null : afterDrift(exactRadius(angle, boundary, norm))
  if (pair.scoreForm !== 'softmax') return { paper: null, lipschitz: null, exact }
  const margin = {
    confidenceMargin: Math.abs(confidence - thresholdConfidence),
    logitScale: pair.logitScale,
    norm,
  }
  return {
    paper: afterDrift(paperRadius(margin)),
    lipschitz: afterDrift(lipschitzRadius(margin, direction.length)),
    exact,
  }
}

function reasonsFor(
  { pair, boundary }: PreparedPair,
  relevance: number | null,
): readonly NullReason[] {
  return [
    ...(boundary === null ? (['CONSTANT_DECISION'] as const) : []),
    ...(pair.scoreForm === 'softmax' ? [] : (['OTHER_SCORE_FORM'] as const)),
    ...(relevance === null ? (['NO_RELEVANCE_FLOOR'] as const) : []),
  ]
}

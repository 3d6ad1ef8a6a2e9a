import type { ConceptDecision } from '../../filter/concept-decision.js'

/**
 * A decision as one number: above 0 exactly where the picture is flagged. The largest over the pairs of how
 * far the margin is above its threshold, in units of cosine; under a relevance floor a pair counts with the
 * smaller of that and how far the relevance is above the floor, so that both ways out are seen.
 */
export function decisionScore(
  { flagged, pairs }: ConceptDecision,
  relevanceFloor: number | null,
): number {
  const scores = pairs.map(({ margin, threshold, relevance }) =>
    Math.min(
      margin - threshold,
      relevance === null || relevanceFloor === null
        ? Number.POSITIVE_INFINITY
        : relevance - relevanceFloor,
    ),
  )
  const score = Math.max(...scores)
  // A relevance that equals the floor still flags.
  return flagged ? Math.max(score, Number.MIN_VALUE) : Math.min(score, 0)
}

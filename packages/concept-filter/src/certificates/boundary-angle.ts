/** Angle in [0, π] between an embedding's direction and w, whose cosine is margin / |w|. */
export function conceptAngle(margin: number, length: number): number {
  return Math.acos(Math.min(1, Math.max(-1, margin / length)))
}

/**
 * Angle between w and the boundary of the decision: flagged embeddings are the open cone of this angle
 * around w. Null where the threshold is out of reach, so that no embedding changes the decision.
 */
export function boundaryAngle(threshold: number, length: number): number | null {
  const cosine = threshold / length
  return Math.abs(cosine) < 1 ? Math.acos(cosine) : null
}

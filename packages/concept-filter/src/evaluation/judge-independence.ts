import type { ConceptJudge } from './judgement.js'

/** How a judge stands to the filter that it judges. */
export type JudgeIndependence =
  /** Another encoder, or none. */
  | 'independent'
  /** The filter's own encoder: the filter is judged by its own eyes. */
  | 'same backbone'
  /** One of the two fingerprints is not known. */
  | 'unknown'

/** Tells by their fingerprints whether a judge sees with the filter's encoder. */
export function judgeIndependence(
  judge: ConceptJudge,
  filterFingerprint: string | null,
): JudgeIndependence {
  if (judge.withoutEncoder) return 'independent'
  if (judge.fingerprint === null || filterFingerprint === null) return 'unknown'
  return judge.fingerprint === filterFingerprint ? 'same backbone' : 'independent'
}

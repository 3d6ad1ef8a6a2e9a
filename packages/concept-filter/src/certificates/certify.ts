import { AssayError, type Matrix } from '@assay/core'
import type { ConceptDecision, PairDecision } from '../filter/concept-decision.js'
import type { ConceptFilter } from '../filter/concept-filter.js'
import { afterDrift, allOf, anyOf, type CertifiedCondition } from './certified-condition.js'
import { cosineRadius } from './cosine-radius.js'
import {
  type CertificateMethod,
  type EmbeddingCertificate,
  embeddingCertificate,
} from './embedding-certificate.js'

/** How decisions are certified. */
export interface CertifyOptions {
  /** Which radius a pair gets. Default: `exact`, the largest that is true. */
  readonly method?: CertificateMethod
}

/**
 * How much noise on its image embedding each decision of a filter withstands, all pairs together. A flagged
 * picture stays flagged at least as far as its steadiest flagging pair; a passed one stays passed just as
 * far as its nearest pair. A relevance floor is part of the decision and of the certificate. The filter's
 * drift is taken off; where it reaches the radius, nothing is certified.
 *
 * @throws AssayError `INVALID_ARGUMENT` where the paper's or the Lipschitz bound is asked of a pair in
 *   another form than softmax, else what {@link ConceptFilter.check} throws
 *
 * Source: Espresso (2024) for one pair; several pairs by the distance to a union of cones.
 */
export function certify(
  filter: ConceptFilter,
  embeddings: Matrix,
  { method = 'exact' }: CertifyOptions = {},
): readonly EmbeddingCertificate[] {
  assertMethod(filter, method)
  return filter
    .check(embeddings)
    .map((decision) =>
      embeddingCertificate(
        anyOf(decision.pairs.map((pair) => pairCondition(pair, decision, { filter, method }))),
        { id: decision.id, method, norm: decision.norm, drift: decision.drift },
      ),
    )
}

interface PairContext {
  readonly filter: ConceptFilter
  readonly method: CertificateMethod
}

function pairCondition(
  { pairId, margin, threshold, radius, relevance, relevant }: PairDecision,
  { norm, drift }: ConceptDecision,
  { filter, method }: PairContext,
): CertifiedCondition {
  const above = {
    holds: margin > threshold,
    radius: radius[method] ?? Number.POSITIVE_INFINITY,
    exact: method === 'exact',
    by: pairId,
  }
  if (relevance === null || relevant === null) return above
  // The nearer side settles both: its cone is left last, and entered first.
  const toFloor = cosineRadius({ cosine: relevance, threshold: filter.relevanceFloor ?? 0, norm })
  const near = { holds: relevant, radius: afterDrift(toFloor, drift), exact: !relevant, by: pairId }
  return allOf([above, near])
}

function assertMethod({ pairs }: ConceptFilter, method: CertificateMethod): void {
  const other = pairs.find(({ scoreForm }) => scoreForm !== 'softmax')
  if (method === 'exact' || other === undefined) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The ${method} bound holds for the softmax form, not for the pair "${other.id}".`,
    value: other.scoreForm,
    remedy: 'Certify with the method `exact`, which holds for every form.',
  })
}

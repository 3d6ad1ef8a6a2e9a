import { decisionScore } from '../attacks/score/decision-score.js'
import type { EmbeddingRule } from '../certificates/embedding-rule.js'
import type { ConceptFilter } from '../filter/concept-filter.js'
import type { ConceptPair } from '../pairs/concept-pair.js'
import { conceptDirection } from '../score/concept-direction.js'
import type { EmbeddingFilter } from './picture-filter.js'

/** Our own filter in the contract of its peers, so that one harness takes all of them. */
export function conceptEmbeddingFilter(id: string, filter: ConceptFilter): EmbeddingFilter {
  const { pairs, relevanceFloor } = filter
  return {
    id,
    fingerprint: pairs.find(({ fingerprint }) => fingerprint !== null)?.fingerprint ?? null,
    rule: { kind: 'any', rules: pairs.map((pair) => pairRule(pair, relevanceFloor)) },
    check: (embeddings) =>
      filter.check(embeddings).map((decision) => ({
        id: decision.id,
        flagged: decision.flagged,
        score: decisionScore(decision, relevanceFloor),
        threshold: 0,
        concepts: decision.pairs.map(({ pairId, confidence, flagged }) => ({
          name: pairId,
          score: confidence,
          found: flagged,
        })),
      })),
  }
}

function pairRule(pair: ConceptPair, floor: number | null): EmbeddingRule {
  const { vector, length } = conceptDirection(pair)
  const rule = { kind: 'cosine', id: pair.id, vector, threshold: pair.threshold / length } as const
  if (floor === null) return rule
  const sides = [pair.unacceptable, pair.acceptable].map(
    (side): EmbeddingRule => ({
      kind: 'cosine',
      id: pair.id,
      vector: side.vector,
      threshold: floor,
    }),
  )
  return { kind: 'all', rules: [rule, { kind: 'any', rules: sides }] }
}

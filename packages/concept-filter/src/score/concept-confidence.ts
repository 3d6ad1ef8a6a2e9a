import type { ConceptPair } from '../pairs/concept-pair.js'
import { projectionConfidence } from './projection-confidence.js'
import { softmaxConfidence } from './softmax-confidence.js'

/** Confidence in [0, 1] that a picture of this margin shows the unacceptable concept, in the pair's form. */
export function conceptConfidence(
  margin: number,
  { scoreForm, logitScale }: Pick<ConceptPair, 'scoreForm' | 'logitScale'>,
  length: number,
): number {
  return scoreForm === 'softmax'
    ? softmaxConfidence(margin, logitScale)
    : projectionConfidence(margin, length)
}

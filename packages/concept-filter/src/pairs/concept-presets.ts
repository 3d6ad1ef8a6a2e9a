import type { ConceptRelation } from './concept-pair.js'

/** The words of a pair, to be embedded by the user's own text encoder. */
export interface ConceptPreset {
  readonly id: string
  readonly unacceptable: readonly string[]
  readonly acceptable: readonly string[]
  readonly relation: ConceptRelation
}

const preset = (
  id: string,
  unacceptable: string,
  acceptable: string,
  relation: ConceptRelation = 'subset',
): ConceptPreset => ({ id, unacceptable: [unacceptable], acceptable: [acceptable], relation })

/**
 * The eleven pairs of the paper, bare words as it filters with them: two inappropriate concepts, five
 * protected characters, four likenesses of people. "clean" is a poor opposite of "nude", and "man" and
 * "woman" make a filter that depends on gender: they are the paper's, not advice.
 *
 * Source: Espresso (2024), the pairs of its released configuration.
 */
export const conceptPresets: readonly ConceptPreset[] = [
  preset('nudity', 'nude', 'clean', 'opposite'),
  preset('violence', 'violent', 'peaceful', 'opposite'),
  preset('grumpy-cat', 'grumpy cat', 'cat'),
  preset('nemo', 'nemo', 'fish'),
  preset('captain-marvel', 'captain marvel', 'female superhero'),
  preset('snoopy', 'Snoopy', 'dog'),
  preset('r2d2', 'r2d2', 'robot'),
  preset('taylor-swift', 'Taylor Swift', 'woman'),
  preset('angelina-jolie', 'Angelina Jolie', 'woman'),
  preset('brad-pitt', 'Brad Pitt', 'man'),
  preset('elon-musk', 'Elon Musk', 'man'),
]

/** A preset by its id, or undefined. */
export function conceptPreset(id: string): ConceptPreset | undefined {
  return conceptPresets.find((each) => each.id === id)
}

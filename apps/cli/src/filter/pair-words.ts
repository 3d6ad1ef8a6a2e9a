import { type ConceptPreset, conceptPreset, conceptPresets } from '@assay/concept-filter'
import { AssayError, closestName } from '@assay/core'

/**
 * The words that a `--pair` flag means: the id of a preset or of a pair of the built-in experiment, or words
 * of both sides as `UNACCEPTABLE/ACCEPTABLE`, several of a side separated by commas.
 *
 * @throws AssayError `CONFIG_INVALID` with the nearest id
 */
export function pairWords(value: string, builtIn: readonly ConceptPreset[]): ConceptPreset {
  const known = conceptPreset(value) ?? builtIn.find(({ id }) => id === value)
  if (known !== undefined) return known
  const [unacceptable = [], acceptable = [], ...others] = value.split('/').map(promptsOf)
  if (unacceptable.length > 0 && acceptable.length > 0 && others.length === 0) {
    return { id: idOf(unacceptable[0] ?? ''), unacceptable, acceptable, relation: 'subset' }
  }
  const ids = [...builtIn, ...conceptPresets].map(({ id }) => id)
  const closest = closestName(value, ids)
  throw new AssayError({
    code: 'CONFIG_INVALID',
    message: `--pair ${value} is no preset and names no two concepts.`,
    value,
    remedy: `${closest ? `Did you mean ${closest}? ` : ''}Give one of ${ids.join(', ')}, or words as "tiger/animal".`,
  })
}

const promptsOf = (side: string) =>
  side
    .split(',')
    .map((prompt) => prompt.trim())
    .filter((prompt) => prompt !== '')

/** Kebab-case. */
const idOf = (prompt: string) =>
  prompt
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '') || 'pair'

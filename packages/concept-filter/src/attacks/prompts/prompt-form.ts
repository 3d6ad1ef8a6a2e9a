import { AssayError, type Random } from '@assay/core'
import type { PromptAttackOptions } from './prompt-attack.js'

/** A prompt with gaps for words. */
export interface PromptForm {
  /** Words that fill all gaps. */
  readonly length: number
  readonly vocabulary: readonly string[]
  /** The prompt with its gaps filled. */
  fill(words: readonly string[]): string
  /** Words drawn evenly from those of the vocabulary that are not excluded, or null where there are none. */
  draw(random: Random, excluded?: ReadonlySet<string>): string[] | null
}

/** The form of a prompt. @throws AssayError `INVALID_ARGUMENT`, `EMPTY_INPUT` */
export function createPromptForm(
  options: Pick<PromptAttackOptions, 'prompt' | 'replaceable' | 'vocabulary' | 'wordsEach'>,
): PromptForm {
  const { prompt, replaceable, wordsEach = 1 } = options
  const pieces = prompt.split(/\s+/).filter((piece) => piece !== '')
  const wanted = replaceable && new Set(replaceable.map(bareWord))
  const gaps = pieces.flatMap((piece, at) => (!wanted || wanted.has(bareWord(piece)) ? [at] : []))
  // The words themselves are no replacement.
  const own = new Set(gaps.map((at) => bareWord(pieces[at] ?? '')))
  const vocabulary = [...new Set(options.vocabulary)].filter((word) => !own.has(bareWord(word)))
  assertForm(options, { gaps: gaps.length, words: vocabulary.length, wordsEach })
  const length = gaps.length * wordsEach
  return {
    length,
    vocabulary,
    fill(words) {
      const filled = [...pieces]
      gaps.forEach((at, gap) => {
        filled[at] = words.slice(gap * wordsEach, (gap + 1) * wordsEach).join(' ')
      })
      return filled.join(' ')
    },
    draw(random, excluded = new Set()) {
      const left = vocabulary.filter((word) => !excluded.has(word))
      if (left.length === 0) return null
      return Array.from({ length }, () => left[random.integer(left.length)] ?? '')
    },
  }
}

/** A word without case and without signs around it. */
const bareWord = (word: string) =>
  word.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')

function assertForm(
  {
    prompt,
    replaceable,
    vocabulary,
  }: Pick<PromptAttackOptions, 'prompt' | 'replaceable' | 'vocabulary'>,
  { gaps, words, wordsEach }: { gaps: number; words: number; wordsEach: number },
): void {
  if (gaps === 0 || !(Number.isSafeInteger(wordsEach) && wordsEach >= 1)) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message:
        gaps === 0
          ? `None of the replaceable words stands in the prompt "${prompt}".`
          : `A word cannot be replaced by ${wordsEach} words.`,
      value: gaps === 0 ? replaceable : wordsEach,
      remedy: 'Name single words of the prompt, and replace each by one word or more.',
    })
  }
  if (words > 0) return
  throw new AssayError({
    code: 'EMPTY_INPUT',
    message: 'The vocabulary holds no word besides those that are replaced.',
    value: vocabulary,
    remedy: 'Give words to put in place of the replaced ones.',
  })
}

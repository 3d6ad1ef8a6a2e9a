import { captionWords } from './caption-words.js'
import type { BankCaption } from './picture-bank.js'

/**
 * How much a prompt's words are a caption's words: one number in [0, 1] a caption. Captions whose weight
 * is 0 do not count, as if they were not there; what they get is of no meaning.
 */
export type WordMatch = (prompt: string, weights: Float64Array) => Float64Array

const full = 1
const tagged = 0.5

/** For each word, the captions that have it, and how much that counts. */
type WordIndex = ReadonlyMap<string, ReadonlyMap<number, number>>

/**
 * Exact words of prompts against captions, styles and tags: for each caption the mean credit, over the
 * words of the prompt that any caption has that counts, of 1 for a word of the caption or style and 1/2 for a
 * word of a tag. All 0 where there is no such word.
 */
export function wordMatch(captions: readonly BankCaption[]): WordMatch {
  const index = indexWords(captions)
  return (prompt, weights) => {
    const known = [...captionWords(prompt)]
      .flatMap((word) => index.get(word) ?? [])
      .filter((credits) => [...credits.keys()].some((row) => weights[row]! > 0))
    const match = new Float64Array(captions.length)
    for (const credits of known) {
      for (const [row, credit] of credits) match[row]! += credit / known.length
    }
    return match
  }
}

function indexWords(captions: readonly BankCaption[]): WordIndex {
  const index = new Map<string, Map<number, number>>()
  const read = new Map<string, ReadonlySet<string>>()
  const wordsOf = (text: string) => {
    const words = read.get(text) ?? captionWords(text)
    read.set(text, words)
    return words
  }
  const add = (word: string, row: number, credit: number) => {
    const credits = index.get(word) ?? new Map<number, number>()
    credits.set(row, Math.max(credit, credits.get(row) ?? 0))
    index.set(word, credits)
  }
  for (const [row, { caption, style, tags }] of captions.entries()) {
    for (const text of tags) for (const word of wordsOf(text)) add(word, row, tagged)
    for (const text of [caption, style ?? ''])
      for (const word of wordsOf(text)) add(word, row, full)
  }
  return index
}

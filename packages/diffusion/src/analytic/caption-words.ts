/** Words that say how a prompt is put, not what it wants. */
const unmeant: ReadonlySet<string> = new Set(
  `a an and at by for from in is of on or the to with
   background clipart drawing emoji icon illustration image photo picture style`.split(/\s+/),
)

/** The words of a text that can be matched: lower case, without accents, without {@link unmeant}. */
export function captionWords(text: string): ReadonlySet<string> {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  const words = plain.match(/[\p{L}\p{N}]+/gu) ?? []
  return new Set(words.filter((word) => !unmeant.has(word)))
}

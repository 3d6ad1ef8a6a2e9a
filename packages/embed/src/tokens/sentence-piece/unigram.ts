import type { SentencePieceModel } from './sentence-piece-model.js'

/** How much less likely than the least likely piece an unknown character is, in nats. */
const unknownPenalty = 10

/** Where the likeliest way to an offset comes from. */
interface Step {
  readonly start: number
  readonly id: number
  readonly score: number
}

/**
 * Cuts a normalised text into the likeliest sequence of pieces (Kudo, Subword Regularization, ACL
 * 2018, section 3.2), by dynamic programming over offsets; scores add up in float32, as in the library,
 * because ties depend on it. Of two ways that are equally likely the one found first counts. Characters
 * that no piece covers, however many in a row, are one unknown token.
 */
export function unigram({
  pieces,
  unknownId,
}: SentencePieceModel): (normalized: string) => readonly number[] {
  const normal = pieces.flatMap((piece, id) => (piece.kind === 'normal' ? [{ ...piece, id }] : []))
  const known = new Map(normal.map(({ text, id, score }) => [text, { id, score }]))
  const longest = normal.reduce((length, { text }) => Math.max(length, text.length), 0)
  const unknownScore =
    normal.reduce((least, { score }) => Math.min(least, score), Infinity) - unknownPenalty

  return (text) => {
    const steps: (Step | undefined)[] = new Array(text.length + 1)
    steps[0] = { start: 0, id: unknownId, score: 0 }
    const offer = (start: number, end: number, id: number, pieceScore: number) => {
      const score = Math.fround((steps[start]?.score ?? 0) + pieceScore)
      const best = steps[end]
      if (best === undefined || score > best.score) steps[end] = { start, id, score }
    }
    for (let start = 0; start < text.length; ) {
      const next = start + ((text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1)
      for (let end = next; end <= Math.min(start + longest, text.length); end++) {
        const piece = known.get(text.slice(start, end))
        if (piece) offer(start, end, piece.id, piece.score)
      }
      if (!known.has(text.slice(start, next))) offer(start, next, unknownId, unknownScore)
      start = next
    }
    return wayTo(text.length, steps, unknownId)
  }
}

function wayTo(end: number, steps: readonly (Step | undefined)[], unknownId: number): number[] {
  const ids: number[] = []
  for (let place = end; place > 0; ) {
    const step = steps[place]
    if (step === undefined) break
    if (step.id !== unknownId || ids.at(-1) !== unknownId) ids.push(step.id)
    place = step.start
  }
  return ids.reverse()
}

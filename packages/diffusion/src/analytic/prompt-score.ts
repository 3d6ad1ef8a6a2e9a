import { AssayError, type TextEncoder } from '@assay/core'
import { captionSimilarity } from './caption-similarity.js'
import type { PictureBank } from './picture-bank.js'
import { wordMatch } from './word-match.js'

/** How strongly a prompt chooses among the pictures of a bank. */
export interface PromptScoreOptions {
  readonly bank: PictureBank
  /** The encoder of the bank's captions. Default: none, prompts are matched by words only */
  readonly textEncoder?: TextEncoder
  /** Log weight that a full match of words adds. Default: 40 */
  readonly wordStrength?: number
  /** Log weight that a cosine of 1 between prompt and caption adds. Default: 40 */
  readonly similarityStrength?: number
}

/** What is scored. */
export interface PromptScoreCall {
  readonly prompt: string
  /** Factors of the pictures' prior weights; those with 0 do not count. */
  readonly weights: Float64Array
  readonly signal?: AbortSignal | undefined
}

/** Log weights of a bank's pictures for a prompt, one a picture. */
export type PromptScore = (call: PromptScoreCall) => Promise<Float64Array>

/**
 * How well a prompt means each picture, words first, meaning second:
 * `wordStrength` m_i + `similarityStrength` cos(t, c_i) + log v_i, where m_i is the match of words
 * (`wordMatch`), t and c_i are the embeddings of prompt and caption, and v_i is the picture's factor;
 * -Infinity for pictures that do not count.
 *
 * @throws AssayError `NOT_FINITE` for a strength; `MISSING_INPUT` for an encoder and a bank without
 *   embeddings; `FINGERPRINT_MISMATCH` for another encoder than the bank's, at once or at the first prompt
 */
export function promptScore(options: PromptScoreOptions): PromptScore {
  const { bank, textEncoder, wordStrength = 40, similarityStrength = 40 } = options
  assertStrength('wordStrength', wordStrength)
  assertStrength('similarityStrength', similarityStrength)
  const matchWords = wordMatch(bank.captions)
  const similarity = textEncoder && captionSimilarity(bank, textEncoder)
  return async ({ prompt, weights, signal }) => {
    const cosines = await similarity?.(prompt, signal)
    return matchWords(prompt, weights).map(
      (match, row) =>
        wordStrength * match + similarityStrength * (cosines?.[row] ?? 0) + Math.log(weights[row]!),
    )
  }
}

function assertStrength(name: string, value: number): void {
  if (Number.isFinite(value)) return
  throw new AssayError({
    code: 'NOT_FINITE',
    message: `The ${name} is ${value}.`,
    value,
    remedy: 'Pass a finite number; 0 switches it off.',
  })
}

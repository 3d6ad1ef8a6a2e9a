/** Every punctuation character of ASCII. */
const punctuation = /[!-/:-@[-`{-~]/g

/**
 * A prompt as SigLIP was trained on it: lower-case, without ASCII punctuation, single spaces between
 * words (Zhai et al., Sigmoid Loss for Language Image Pre-Training, ICCV 2023; `canonicalize_text` of
 * google-research/big_vision). White space is what Unicode calls so.
 */
export const canonicalPrompt = (prompt: string): string =>
  prompt
    .toLowerCase()
    .replace(punctuation, '')
    .replace(/\p{White_Space}+/gu, ' ')
    .replace(/^ | $/g, '')

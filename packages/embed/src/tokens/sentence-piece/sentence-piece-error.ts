import { AssayError } from '@assay/core'

/** A file that is no SentencePiece model of the kind we read; the reason follows "model" in a sentence. */
export const sentencePieceError = (reason: string): AssayError =>
  new AssayError({
    code: 'MODEL_INCOMPATIBLE',
    message: `The SentencePiece model ${reason}.`,
    remedy: 'Name a unigram model in the card, or the tokenizer.json of the model.',
  })

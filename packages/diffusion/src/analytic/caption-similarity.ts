import { AssayError, type TextEncoder } from '@assay/core'
import { cosineSimilarity } from '@assay/core/linear-algebra'
import { captionText } from './caption-text.js'
import { embedCaptions } from './embed-captions.js'
import type { CaptionEmbeddings, PictureBank } from './picture-bank.js'

/** Cosines between a prompt and every caption of a bank, in float64. */
export type CaptionSimilarity = (prompt: string, signal?: AbortSignal) => Promise<Float64Array>

/** Captions that are embedded anew, to see whether the encoder is the bank's. */
const probes = 3
/** Float16 and another machine's rounding stay far above this cosine, another model far below. */
const agreement = 0.99

/**
 * @throws AssayError `MISSING_INPUT` where the bank has no caption embeddings, `FINGERPRINT_MISMATCH`
 *   where the encoder has another space; when a prompt is read, also where it puts the bank's captions
 *   elsewhere
 */
export function captionSimilarity(bank: PictureBank, encoder: TextEncoder): CaptionSimilarity {
  const embeddings = embeddingsOf(bank, encoder)
  let agreed: Promise<void> | undefined
  return async (prompt, signal) => {
    agreed ??= assertAgreement(bank, embeddings, encoder)
    await agreed
    const texts = [{ id: 'prompt', text: prompt }]
    const { data } = await embedCaptions({ encoder, texts, signal })
    return Float64Array.from({ length: bank.captions.length }, (_, row) =>
      cosineSimilarity(rowOf(embeddings, row), data),
    )
  }
}

const rowOf = ({ vectors: { data, columns } }: CaptionEmbeddings, row: number): Float32Array =>
  data.subarray(row * columns, (row + 1) * columns)

function embeddingsOf(bank: PictureBank, encoder: TextEncoder): CaptionEmbeddings {
  const { captionEmbeddings } = bank
  if (captionEmbeddings === null) {
    throw new AssayError({
      code: 'MISSING_INPUT',
      message: 'The bank has no caption embeddings, so that a text encoder cannot be used with it.',
      value: encoder.id,
      remedy: 'Give `createPictureBank` the encoder, or leave it out and match words only.',
    })
  }
  const fits =
    captionEmbeddings.space === encoder.space &&
    captionEmbeddings.vectors.columns === encoder.dimensions
  if (fits) return captionEmbeddings
  throw otherEncoder(`the space ${encoder.space}`, `the space ${captionEmbeddings.space}`)
}

async function assertAgreement(
  { captions }: PictureBank,
  embeddings: CaptionEmbeddings,
  encoder: TextEncoder,
): Promise<void> {
  const texts = captions.slice(0, probes).map((caption) => ({
    id: caption.id,
    text: captionText(caption),
  }))
  const { data, columns } = await embedCaptions({ encoder, texts })
  for (const [row, { id }] of texts.entries()) {
    const again = data.subarray(row * columns, (row + 1) * columns)
    const cosine = cosineSimilarity(rowOf(embeddings, row), again)
    if (cosine >= agreement) continue
    throw otherEncoder(`${id} at a cosine of ${cosine.toFixed(3)} from`, 'its own place')
  }
}

const otherEncoder = (got: string, wanted: string): AssayError =>
  new AssayError({
    code: 'FINGERPRINT_MISMATCH',
    message: `The text encoder has ${got}, but the bank's captions were embedded in ${wanted}.`,
    value: got,
    remedy: 'Use the encoder that embedded the captions, or make the bank anew with this one.',
  })

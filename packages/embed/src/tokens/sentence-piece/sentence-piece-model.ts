import { CharacterMap } from './character-map.js'
import { protobufFields } from './protobuf-fields.js'
import { sentencePieceError } from './sentence-piece-error.js'

/** A SentencePiece model, as far as reading text needs it. */
export interface SentencePieceModel {
  /** Every piece with its place in the list, which is its token, and its log-probability. */
  readonly pieces: readonly Piece[]
  readonly unknownId: number
  /** Rules of normalisation. */
  readonly characterMap: CharacterMap
  readonly addDummyPrefix: boolean
  readonly removeExtraWhitespaces: boolean
}

/** One piece of the vocabulary. */
export interface Piece {
  readonly text: string
  readonly score: number
  /** Control pieces and the unknown one never stand for text. */
  readonly kind: 'normal' | 'unknown' | 'control' | 'unused'
}

const kinds: Readonly<Record<number, Piece['kind']>> = {
  1: 'normal',
  2: 'unknown',
  3: 'control',
  5: 'unused',
}

/** Of `TrainerSpec.ModelType`. */
const unigram = 1

/**
 * Reads a `.model` file of SentencePiece (google/sentencepiece, `sentencepiece_model.proto`). Models
 * other than unigram, byte fallback, user-defined symbols and white space as a suffix are refused:
 * none of the models that Assay has cards for use them.
 *
 * @throws AssayError `MODEL_INCOMPATIBLE` where it is no such model
 */
export function readSentencePieceModel(bytes: Uint8Array): SentencePieceModel {
  const pieces: Piece[] = []
  let trainer: ReadonlyMap<number, number | Uint8Array> = new Map()
  let normalizer = trainer
  for (const { field, value } of protobufFields(bytes)) {
    if (!(value instanceof Uint8Array)) continue
    if (field === 1) pieces.push(parsePiece(fieldsOf(value)))
    if (field === 2) trainer = fieldsOf(value)
    if (field === 3) normalizer = fieldsOf(value)
  }
  const unknownId = pieces.findIndex(({ kind }) => kind === 'unknown')
  if (unknownId === -1) throw sentencePieceError('has no piece for what is unknown')
  if ((trainer.get(3) ?? unigram) !== unigram)
    throw sentencePieceError('is not of the unigram kind')
  if (trainer.get(24) === 1) throw sentencePieceError('treats white space as a suffix')
  if (normalizer.get(5) === 0) throw sentencePieceError('does not escape white space')
  const characterMap = normalizer.get(2)
  return {
    pieces,
    unknownId,
    characterMap: new CharacterMap(
      characterMap instanceof Uint8Array ? characterMap : new Uint8Array(),
    ),
    addDummyPrefix: normalizer.get(3) !== 0,
    removeExtraWhitespaces: normalizer.get(4) !== 0,
  }
}

/** A message's fields by their number; of a field that stands twice, the last counts. */
const fieldsOf = (message: Uint8Array): ReadonlyMap<number, number | Uint8Array> =>
  new Map(Array.from(protobufFields(message), ({ field, value }) => [field, value]))

function parsePiece(fields: ReadonlyMap<number, number | Uint8Array>): Piece {
  const text = fields.get(1)
  const score = fields.get(2)
  const kind = kinds[Number(fields.get(3) ?? 1)]
  if (kind === undefined)
    throw sentencePieceError('has bytes or user-defined symbols among its pieces')
  return {
    text: text instanceof Uint8Array ? new TextDecoder().decode(text) : '',
    score: score instanceof Uint8Array && score.length === 4 ? float32(score) : 0,
    kind,
  }
}

const float32 = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true)

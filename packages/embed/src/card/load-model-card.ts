import { join } from 'node:path'
import { AssayError } from '@assay/core'
import { readJson } from '@assay/store'
import type { ModelCard } from './model-card.js'
import { parseModelCard } from './parse-model-card.js'

/** Name of the card in a model's folder. */
export const cardFile = 'card.json'

/** A card is written by hand or by a recipe; more than this is something else. */
const cardBytes = 2 ** 20

/**
 * The checked card of a model, `card.json` in its folder. The files it names are not looked at;
 * `openEncoder` verifies them.
 *
 * @throws AssayError `MODEL_FILE_MISSING` where there is no card; `MODEL_CARD_INVALID` where it is no
 *   JSON, has a wrong form, an unknown key or parts that contradict each other
 */
export async function loadModelCard(folder: string): Promise<ModelCard> {
  const file = join(folder, cardFile)
  try {
    return parseModelCard(await readJson(file, { bytes: cardBytes }), file)
  } catch (error) {
    throw AssayError.isInstance(error) && error.kind !== 'model'
      ? cardUnreadable(file, error)
      : error
  }
}

function cardUnreadable(file: string, cause: AssayError): AssayError {
  const missing = cause.code === 'FILE_MISSING'
  return new AssayError({
    code: missing ? 'MODEL_FILE_MISSING' : 'MODEL_CARD_INVALID',
    message: missing ? `There is no model card ${file}.` : cause.message,
    value: file,
    remedy: missing ? 'Name a folder that holds a card.json.' : cause.remedy,
    location: { file },
    cause,
  })
}

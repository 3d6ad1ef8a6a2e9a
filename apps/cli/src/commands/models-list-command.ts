import { exitCode } from '../exit-code.js'
import { commercialUseText, readableBytes } from '../models/describe-plan.js'
import { knownModels } from '../models/known-models.js'
import { printJson } from '../print-json.js'
import { printable, table } from '../table.js'

/** `assay models ls`: the models on this machine, and those that can be pulled. */
export async function modelsListCommand(flags: { readonly json?: boolean }): Promise<number> {
  const models = (await knownModels()).map(({ card, state, folder, pins }) => ({
    id: card.id,
    state,
    title: card.title,
    licence: card.licence,
    commercialUse: card.commercialUse,
    dimensions: card.dimensions,
    bytes: totalBytes(card.files.map(({ path, bytes }) => bytes ?? pins.get(path)?.bytes ?? null)),
    folder: state === 'built-in' || state === 'pulled' ? folder : null,
  }))
  if (flags.json) printJson({ models })
  else {
    const rows = models.map((model) => [
      printable(model.id),
      model.state,
      printable(model.licence),
      commercialUseText(model.commercialUse),
      `${model.dimensions} dimensions`,
      model.bytes === null ? 'size unknown' : readableBytes(model.bytes),
    ])
    process.stdout.write(table(rows))
  }
  return exitCode.ok
}

/** Null where the size of a file is not known. */
const totalBytes = (sizes: readonly (number | null)[]): number | null =>
  sizes.reduce((sum, bytes) => (sum === null || bytes === null ? null : sum + bytes), 0)

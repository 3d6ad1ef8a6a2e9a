import { listModels } from '@assay/embed'
import { exitCode } from '../exit-code.js'
import { places } from '../places.js'
import { printJson } from '../print-json.js'
import { table } from '../table.js'

/** `assay models ls`: the models on this machine. */
export async function modelsListCommand(flags: { readonly json?: boolean }): Promise<number> {
  const models = (await listModels(places().models)).map(({ card }) => ({
    id: card.id,
    title: card.title,
    licence: card.licence,
    commercialUse: card.commercialUse,
    dimensions: card.dimensions,
    bytes: totalBytes(card.files),
  }))
  if (flags.json) printJson({ models })
  else {
    const rows = models.map((model) => [
      model.id,
      model.licence,
      model.commercialUse ? 'commercial use allowed' : 'not for commercial use',
      `${model.dimensions} dimensions`,
      model.bytes === null ? 'size unknown' : `${(model.bytes / 1e6).toFixed(1)} MB`,
    ])
    process.stdout.write(table(rows))
  }
  return exitCode.ok
}

/** Null where the card does not tell the size of every file. */
const totalBytes = (files: readonly { readonly bytes: number | null }[]): number | null =>
  files.reduce<number | null>(
    (sum, { bytes }) => (sum === null || bytes === null ? null : sum + bytes),
    0,
  )

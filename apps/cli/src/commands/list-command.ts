import { builtInAudits } from '@assay/audit'
import { listModels } from '@assay/embed'
import { exitCode } from '../exit-code.js'
import { builtInGenerators } from '../generators/built-in-generators.js'
import { places } from '../places.js'
import { printJson } from '../print-json.js'
import { table } from '../table.js'

/** `assay list`: audits with their measures, models, and generators. */
export async function listCommand(flags: { readonly json?: boolean }): Promise<number> {
  const audits = builtInAudits.map(({ meta }) => meta)
  const models = (await listModels(places().models)).map(({ card }) => card)
  if (flags.json) {
    printJson({
      audits: audits.map(({ id, question, measures }) => ({
        id,
        question,
        measures: measures.map((measure) => measure.id),
      })),
      models: models.map(({ id, title }) => ({ id, title })),
      generators: builtInGenerators.map(({ id, title }) => ({ id, title })),
    })
    return exitCode.ok
  }
  const rows = audits.flatMap(({ id, question, measures }) => [
    [id, question],
    ...measures.map((measure) => [`  ${id}/${measure.id}`, measure.title]),
  ])
  process.stdout.write(`Audits\n${table(rows)}\nModels\n`)
  process.stdout.write(table(models.map(({ id, title }) => [id, title])))
  process.stdout.write(
    `\nGenerators\n${table(builtInGenerators.map(({ id, title }) => [id, title]))}`,
  )
  return exitCode.ok
}

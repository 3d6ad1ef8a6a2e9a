import { builtInAudits } from '@assay/audit'
import { listModels } from '@assay/embed'
import { exitCode } from '../exit-code.js'
import { places } from '../places.js'
import { printJson } from '../print-json.js'
import { table } from '../table.js'

/** `assay list`: audits with their measures, and models. */
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
    })
    return exitCode.ok
  }
  const rows = audits.flatMap(({ id, question, measures }) => [
    [id, question],
    ...measures.map((measure) => [`  ${id}/${measure.id}`, measure.title]),
  ])
  process.stdout.write(`Audits\n${table(rows)}\nModels\n`)
  process.stdout.write(table(models.map(({ id, title }) => [id, title])))
  return exitCode.ok
}

import { builtInAudits } from '@assay/audit'
import { AssayError, type AuditMeta, type MeasureMeta } from '@assay/core'
import { exitCode } from '../exit-code.js'
import { builtInGenerators } from '../generators/built-in-generators.js'
import { knownModels } from '../models/known-models.js'
import { printJson } from '../print-json.js'

/** `assay explain ID`: what an audit, a measure, a model or a generator is. */
export async function explainCommand(
  id: string,
  flags: { readonly json?: boolean },
): Promise<number> {
  const subject = await find(id)
  if (flags.json) printJson(subject.document)
  else process.stdout.write(subject.text)
  return exitCode.ok
}

interface Subject {
  readonly document: unknown
  readonly text: string
}

async function find(id: string): Promise<Subject> {
  const [auditId, measureId] = id.split('/')
  const meta = builtInAudits.find((audit) => audit.meta.id === auditId)?.meta
  if (meta !== undefined && measureId === undefined) {
    return { document: meta, text: auditText(meta) }
  }
  const measure = meta?.measures.find((candidate) => candidate.id === measureId)
  if (measure !== undefined) return { document: measure, text: measureText(measure) }
  const model = (await knownModels()).find(({ card }) => card.id === id)
  if (model !== undefined) {
    return { document: model.card, text: `${JSON.stringify(model.card, null, 2)}\n` }
  }
  const generator = builtInGenerators.find((candidate) => candidate.id === id)
  if (generator !== undefined) {
    const { title, description } = generator
    return { document: generator, text: `${id}: ${title}\n${description}\n` }
  }
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `Nothing is called "${id}".`,
    value: id,
    remedy: '`assay list` shows what can be explained.',
  })
}

function auditText(meta: AuditMeta): string {
  return [
    `${meta.id}: ${meta.question}`,
    meta.description,
    'Measures:',
    ...meta.measures.map(({ id, title }) => `  ${meta.id}/${id}  ${title}`),
    'References:',
    ...meta.references.map((reference) => `  ${reference}`),
    '',
  ].join('\n')
}

function measureText({ title, description, unit, range, higherIsBetter }: MeasureMeta): string {
  const [low, high] = range
  const better = higherIsBetter === null ? 'neither end' : higherIsBetter ? 'higher' : 'lower'
  return [
    title,
    description,
    `Unit: ${unit}. Range: ${low ?? 'unbounded'} to ${high ?? 'unbounded'}. Better: ${better}.`,
    '',
  ].join('\n')
}

import { AssayError, closestName, type GenerationRequest } from '@assay/core'
import type { Wish } from '../remote-service.js'
import type { ComfyUIGeneratorOptions } from './comfyui-options.js'

/** A workflow whose placeholders are known. */
export interface WorkflowTemplate {
  readonly workflow: Readonly<Record<string, unknown>>
  readonly placeholders: ReadonlySet<Placeholder>
}

/** A name that may stand in `{{…}}`. */
export type Placeholder = 'prompt' | 'seed' | Wish

const names: readonly Placeholder[] = [
  'prompt',
  'negativePrompt',
  'seed',
  'width',
  'height',
  'steps',
  'guidanceScale',
]

const isName = (name: string): name is Placeholder => names.some((known) => known === name)

const pattern = /\{\{\s*(\w+)\s*\}\}/g

/**
 * Looks through a workflow for its placeholders.
 *
 * @throws AssayError `INVALID_ARGUMENT` where it is no workflow in API form, or lacks a placeholder
 */
export function readTemplate(workflow: Readonly<Record<string, unknown>>): WorkflowTemplate {
  const nodes = Object.values(workflow)
  const isNode = (node: unknown) =>
    typeof node === 'object' && node !== null && 'class_type' in node
  if (nodes.length === 0 || !nodes.every(isNode)) {
    throw wrong(
      null,
      'The workflow is not in API form.',
      'Export it with "Export (API)" in ComfyUI.',
    )
  }
  const found = new Set<Placeholder>()
  mapTexts(workflow, (text) => {
    for (const [whole, name = ''] of text.matchAll(pattern)) {
      if (!isName(name)) throw unknownName(whole, name)
      found.add(name)
    }
    return text
  })
  const missing = (['prompt', 'seed'] as const).find((name) => !found.has(name))
  if (missing === undefined) return { workflow, placeholders: found }
  const remedy = `Put "{{${missing}}}" in place of the ${missing} in the node that takes it.`
  throw wrong(missing, `The workflow has no place for the ${missing}.`, remedy)
}

/**
 * The workflow of one picture. Each text is filled once, so that a prompt which holds a placeholder stays
 * as it is.
 *
 * @throws AssayError `INVALID_ARGUMENT` where a placeholder has no value
 */
export function fillWorkflow(
  { workflow }: WorkflowTemplate,
  values: Readonly<Partial<Record<Placeholder, string | number>>>,
): unknown {
  return mapTexts(workflow, (text) => {
    const alone = /^\{\{\s*(\w+)\s*\}\}$/.exec(text)?.[1]
    if (alone !== undefined) return valueFor(alone, values)
    return text.replaceAll(pattern, (_, name: string) => String(valueFor(name, values)))
  })
}

/** Values of a picture's placeholders: of the request, else the defaults. */
export function valuesOf(
  request: GenerationRequest,
  seed: number,
  defaults: NonNullable<ComfyUIGeneratorOptions['defaults']>,
): Partial<Record<Placeholder, string | number>> {
  const { prompt, negativePrompt, width, height, steps, guidanceScale } = request
  const given = { negativePrompt, width, height, steps, guidanceScale }
  const wished = Object.entries(given).filter(([, value]) => value !== undefined)
  return { negativePrompt: '', ...defaults, ...Object.fromEntries(wished), prompt, seed }
}

function valueFor(
  name: string,
  values: Readonly<Partial<Record<Placeholder, string | number>>>,
): string | number {
  const value = isName(name) ? values[name] : undefined
  if (value !== undefined) return value
  const message = `The workflow asks for {{${name}}}, and the request names none.`
  throw wrong(name, message, `Put \`${name}\` into the request or into \`defaults\`.`)
}

/** The same value with other texts; keys stay. */
function mapTexts(value: unknown, change: (text: string) => unknown): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, mapTexts(each, change)]),
  )
}

const unknownName = (whole: string, name: string) => {
  const closest = closestName(name, names)
  const hint = closest === null ? `Use one of ${names.join(', ')}.` : `Write {{${closest}}}.`
  return wrong(whole, `The workflow has a placeholder ${whole} that is none.`, hint)
}

const wrong = (value: unknown, message: string, remedy: string) =>
  new AssayError({ code: 'INVALID_ARGUMENT', message, value, remedy })

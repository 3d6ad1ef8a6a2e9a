import { join } from 'node:path'
import { AssayError } from '@assay/core'
import { type NumberType, type RawLayout, readJson } from '@assay/store'

/** The files of a gradient store of bergson that are read. */
export const bergsonFiles = { gradients: 'gradients.bin', information: 'info.json' } as const

const numberTypes: ReadonlyMap<unknown, NumberType> = new Map([
  ...(['float16', 'float32', 'float64'] as const).map((type) => [type, type] as const),
  ['<f2', 'float16'],
  ['<f4', 'float32'],
  ['<f8', 'float64'],
])

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) > 0

/**
 * The shape of a gradient store of bergson, from its `info.json`: the gradients of a row's modules stand
 * one after the other.
 *
 * @throws AssayError `MALFORMED_METADATA`, `UNSUPPORTED_FORMAT` (gradients by token), and what `readJson`
 *   throws
 */
export async function bergsonLayout(folder: string): Promise<RawLayout> {
  const file = join(folder, bergsonFiles.information)
  const information = await readJson(file)
  const malformed = (reason: string, value: unknown) =>
    new AssayError({
      code: 'MALFORMED_METADATA',
      message: `${file} ${reason}.`,
      value,
      remedy: 'Name the folder of a finished `bergson build`.',
      location: { file },
    })
  if (!isObject(information)) throw malformed('is no JSON object', information)
  const { num_grads: rows, grad_sizes: sizes, base_dtype: name, attribute_tokens } = information
  if (attribute_tokens === true) {
    throw new AssayError({
      code: 'UNSUPPORTED_FORMAT',
      message: `${folder} holds gradients by token, not by example.`,
      value: attribute_tokens,
      remedy: 'Build the store again without attribute_tokens.',
      location: { file },
    })
  }
  if (!isCount(rows)) throw malformed('has no count num_grads', rows)
  const columns = isObject(sizes) ? Object.values(sizes) : []
  if (columns.length === 0 || !columns.every(isCount)) throw malformed('has no grad_sizes', sizes)
  const type = numberTypes.get(name)
  if (!type) throw malformed(`has the base_dtype ${JSON.stringify(name)}`, name)
  return { rows, columns: columns.reduce((sum, size) => sum + size, 0), type }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
